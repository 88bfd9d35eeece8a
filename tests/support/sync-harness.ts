import type { ParsedConfig } from '../../lib/evaluation'
import { loadRegex } from '../../lib/regex'
import { endpointAt } from '../../providers/sync/endpoint'
import { FullReplica } from '../../providers/sync/full-replica'
import { keptSession, type LiveOptions } from '../../providers/sync/keep-live'
import { RegexGate } from '../../providers/sync/regex-gate'
import type { Announcement, Session, SessionOptions } from '../../providers/sync/session'
import { configOf, serving } from './configs'
import { ScriptedServer } from './scripted-server'
import { VirtualClock } from './virtual-clock'

/** A session against a scripted server, in virtual time, and everything it announced. */
export function startSession(
  options: Partial<
    Omit<SessionOptions, 'keep' | 'replica'> & LiveOptions & { loadRegex: () => Promise<void> }
  > = {},
  server = shop(),
  seed = 1,
) {
  const clock = new VirtualClock(seed)
  const said: Announcement[] = []
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  const desk = { session: null, counting: null, handles: null, now: clock.wall, answer: never }
  const session = keptSession(desk, {
    client: 'test/1.0.0',
    endpoint: endpointAt({
      url: 'http://flags.test/base/',
      headers: { Authorization: 'Bearer key' },
      query: {},
      cache: 'no-store',
      fetch: server.fetch,
    }),
    clock,
    initTimeoutMs: 5_000,
    pollIntervalMs: 30_000,
    errorAfterMs: 60_000,
    bootstrap: null,
    lastKnownGood: null,
    misconfigured: null,
    replica: new FullReplica(new RegexGate(clock, options.loadRegex ?? loadRegex, warn)),
    warn,
    emit: (announcement) => said.push(announcement),
    ...options,
  })
  const beat = () => {
    if (server.open > 0) server.stream.write(':\n\n')
    clock.after(10_000, beat)
  }
  return {
    /** Heartbeats from now on. */
    beat,
    clock,
    server,
    session,
    said,
    warnings,
    events: () => said.map(({ event }) => event),
    /** Forgets what was said until now. */
    hush: () => said.splice(0),
  }
}

/** A server that serves one flag. */
export function shop(version = 1): ScriptedServer {
  return new ScriptedServer(configOf(version, { banner: serving('hello') }))
}

function never(): never {
  throw new Error('no flag is asked for here')
}

/** The config that a session serves. */
export function heldBy(session: Session): ParsedConfig | null {
  return session.config as ParsedConfig | null
}

export function shownBy(config: ParsedConfig | null, flag = 'banner'): unknown {
  return config?.flags.get(flag)?.variants?.shown
}
