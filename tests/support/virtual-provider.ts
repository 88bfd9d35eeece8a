import type { CommonOptions } from '../../providers/sync/options'
import type { ScriptedServer } from './scripted-server'
import type { Side } from './sides'
import { shop } from './sync-harness'
import { VirtualClock } from './virtual-clock'

export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 3_600_000

type Request = { readonly path: string; readonly at: number; readonly url: string }

/** One of our providers in its SDK, in virtual time, with a server that a test can break as it likes. */
export function startVirtual(
  side: Side,
  options: Partial<CommonOptions> = {},
  server: ScriptedServer = shop(),
  seed = 1,
) {
  const clock = new VirtualClock(seed)
  const requests: Request[] = []
  const note: typeof fetch = (input, init) => {
    requests.push({ path: new URL(String(input)).pathname, at: clock.monotonic(), url: String(input) })
    return server.fetch(input, init)
  }
  const bound = side.bind({ url: 'http://flags.test', fetch: note, ...options }, clock)
  const beat = () => {
    if (server.open > 0) server.stream.write(':\n\n')
    cancelBeat = clock.after(10 * SECOND, beat)
  }
  let cancelBeat = clock.after(10 * SECOND, beat)
  return {
    ...bound,
    clock,
    server,
    requests,
    /** When a stream was asked for, in milliseconds of virtual time. */
    attempts: () => requests.filter(({ path }) => path === '/config/stream').map(({ at }) => at),
    /** No heartbeat is due any more: what timers are left are the provider's. */
    hush: () => cancelBeat(),
    banner: () => bound.ask('String', 'banner', 'the default'),
  }
}

/** The same, and ready. */
export async function readyVirtual(...args: Parameters<typeof startVirtual>) {
  const started = startVirtual(...args)
  await started.clock.advance(100)
  if (started.status() !== 'READY') throw new Error(`it is ${started.status()}`)
  return started
}
