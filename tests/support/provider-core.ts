import { loadRegex } from '../../lib/regex'
import { endpointAt } from '../../providers/sync/endpoint'
import { FullReplica } from '../../providers/sync/full-replica'
import { keptSession, type LiveOptions } from '../../providers/sync/keep-live'
import { ProviderCore } from '../../providers/sync/provider-core'
import { RegexGate } from '../../providers/sync/regex-gate'
import type { SessionOptions } from '../../providers/sync/session'
import { Tally } from '../../providers/sync/tally'
import type { ScriptedServer } from './scripted-server'
import { VirtualClock } from './virtual-clock'

type Options = Omit<SessionOptions, 'keep' | 'replica'> & LiveOptions & { readonly counts: boolean }

/** What both providers are made of, ready, against a scripted server and in virtual time. */
export async function startCore(server: ScriptedServer, options: Partial<Options> = {}) {
  const clock = new VirtualClock()
  const core = new ProviderCore({
    clock,
    counting: options.counts === false ? null : (now) => new Tally(now),
    start: (desk) =>
      keptSession(desk, {
        endpoint: endpointAt({
          url: 'http://flags.test',
          headers: {},
          query: { key: 'jks_cli_1' },
          cache: 'no-cache',
          fetch: server.fetch,
        }),
        client: 'test/1.0.0',
        clock,
        initTimeoutMs: 5_000,
        pollIntervalMs: 30_000,
        errorAfterMs: 60_000,
        bootstrap: null,
        lastKnownGood: null,
        misconfigured: null,
        replica: new FullReplica(new RegexGate(clock, loadRegex, () => {})),
        warn: () => {},
        emit: () => {},
        ...options,
      }),
  })
  const initialized = core.initialize()
  await clock.advance(100)
  await initialized
  return { core, clock }
}
