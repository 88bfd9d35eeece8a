import type { ParsedConfig } from '../../lib/evaluation'
import { loadRegex } from '../../lib/regex'
import type { Announcement } from '../../providers/sync/announcer'
import { Session, type SessionOptions } from '../../providers/sync/session'
import { configOf, serving } from './configs'
import { ScriptedServer } from './scripted-server'
import { VirtualClock } from './virtual-clock'

/** A session against a scripted server, in virtual time, and everything it announced. */
export function startSession(options: Partial<SessionOptions> = {}, server = shop(), seed = 1) {
  const clock = new VirtualClock(seed)
  const said: Announcement[] = []
  const warnings: string[] = []
  const session = new Session({
    endpoint: {
      url: 'http://flags.test/base/',
      headers: { Authorization: 'Bearer key' },
      query: {},
      cache: 'no-store',
      fetch: server.fetch,
    },
    clock,
    initTimeoutMs: 5_000,
    pollIntervalMs: 30_000,
    errorAfterMs: 60_000,
    bootstrap: null,
    lastKnownGood: null,
    misconfigured: null,
    loadRegex,
    warn: (message) => warnings.push(message),
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

export function shownBy(config: ParsedConfig | null, flag = 'banner'): unknown {
  return config?.flags.get(flag)?.variants?.shown
}
