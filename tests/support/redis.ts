import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type Program, start, until } from './process'

export type RedisServer = {
  url: string
  port: number
  program: Program
  /** One command, in Redis' own words; answers with the raw reply. */
  say(...words: string[]): Promise<string>
  /** A new one in the place of one that has ended: it remembers nothing. */
  startAgain(): Promise<void>
  remove(): Promise<void>
}

function say(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.setEncoding('utf8').setTimeout(5_000, () => socket.destroy(new Error('redis does not answer')))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      if (!isWhole(text)) return
      socket.destroy()
      resolve(text)
    })
    socket.on('error', reject)
    socket.write(`*${words.length}\r\n${words.map((w) => `$${Buffer.byteLength(w)}\r\n${w}\r\n`).join('')}`)
  })
}

/** Simple replies end with their line; a bulk reply has the length it announces. */
function isWhole(text: string): boolean {
  const [, size] = /^\$(-?\d+)\r\n/.exec(text) ?? []
  if (size === undefined) return text.endsWith('\r\n')
  return Number(size) < 0 || Buffer.byteLength(text) >= size.length + 3 + Number(size) + 2
}

/** A redis-server of its own, from Debian. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'jackstaff-redis-'))
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir]
  const begin = async () => {
    const program = start('redis-server', args, {})
    await until(`redis on ${port}: ${program.output()}`, () =>
      say(port, ['PING']).then(
        (reply) => reply.startsWith('+PONG'),
        () => false,
      ),
    )
    return program
  }
  const redis: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    program: await begin(),
    say: (...words) => say(port, words),
    async startAgain() {
      redis.program = await begin()
    },
    async remove() {
      await redis.program.end('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return redis
}
