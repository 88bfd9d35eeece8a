import { loadRegex } from '../../lib/regex'
import { FullReplica } from '../../providers/sync/full-replica'
import { ProviderCore, type ProviderCoreOptions } from '../../providers/sync/provider-core'
import { RegexGate } from '../../providers/sync/regex-gate'
import type { ScriptedServer } from './scripted-server'
import { VirtualClock } from './virtual-clock'

/** What both providers are made of, ready, against a scripted server and in virtual time. */
export async function startCore(server: ScriptedServer, options: Partial<ProviderCoreOptions> = {}) {
  const clock = new VirtualClock()
  const core = new ProviderCore({
    endpoint: {
      url: 'http://flags.test',
      headers: {},
      query: { key: 'jks_cli_1' },
      cache: 'no-cache',
      fetch: server.fetch,
    },
    clock,
    initTimeoutMs: 5_000,
    pollIntervalMs: 30_000,
    errorAfterMs: 60_000,
    bootstrap: null,
    lastKnownGood: null,
    misconfigured: null,
    replica: () => new FullReplica(new RegexGate(clock, loadRegex, () => {})),
    warn: () => {},
    emit: () => {},
    telemetry: { client: 'test/1.0.0' },
    ...options,
  })
  const initialized = core.initialize()
  await clock.advance(100)
  await initialized
  return { core, clock }
}
