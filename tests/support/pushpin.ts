import { join } from 'node:path'
import { deployed } from './deployed'
import { freePort, start, until } from './process'
import { bearer } from './raw-http'

export type Pushpin = { url: string; grip: string; stop(): Promise<void> }

/** The key in the files that are shipped. */
const KEY = 'change-this-key-before-use'

/** Ports for Pushpin and its control, before either is running: edges need to know both. */
export async function portsOfPushpin() {
  const [front, pull, control, sub, command] = await Promise.all(Array.from({ length: 5 }, freePort))
  return { front, pull, control, sub, command, grip: `http://127.0.0.1:${control}?key=${KEY}` }
}

/** Pushpin from Debian with the files of `deploy/pushpin`, in front of two edges; `key`: one that they let in. */
export async function startPushpin(
  ports: Awaited<ReturnType<typeof portsOfPushpin>>,
  edges: readonly { url: string }[],
  key: string,
): Promise<Pushpin> {
  const [first, second] = edges.map(({ url }) => new URL(url).host)
  const files = deployed('pushpin', {
    '127.0.0.1:7999': `127.0.0.1:${ports.front}`,
    '127.0.0.1:5560': `127.0.0.1:${ports.pull}`,
    'push_in_http_port=5561': `push_in_http_port=${ports.control}`,
    '127.0.0.1:5562': `127.0.0.1:${ports.sub}`,
    '127.0.0.1:5563': `127.0.0.1:${ports.command}`,
    '/run/pushpin': '{folder}/run',
    '/var/log/pushpin': '{folder}/run',
    '127.0.0.1:3001,127.0.0.1:3002': `${first},${second}`,
    'client_maxconn=100000': 'client_maxconn=1000',
  })
  const program = start('pushpin', [`--config=${join(files.folder, 'pushpin.conf')}`, '--merge-output'], {})
  const url = `http://127.0.0.1:${ports.front}`
  // Its parts find each other one by one, and what is asked before may be lost or refused.
  const isHeld = () =>
    fetch(`${url}/config/stream`, { headers: bearer(key), signal: AbortSignal.timeout(1_000) }).then(
      async ({ status, body }) => {
        await body?.cancel()
        return status === 200
      },
      () => false,
    )
  const stop = async () => {
    await program.end()
    files.remove()
  }
  const held = async () => program.child.exitCode !== null || (await isHeld())
  await until('pushpin to hold a stream', held, 20_000).catch(async (error) => {
    await stop()
    throw error
  })
  if (program.child.exitCode !== null) throw new Error(`pushpin ended: ${program.output()}`)
  return {
    url,
    grip: ports.grip,
    stop,
  }
}
