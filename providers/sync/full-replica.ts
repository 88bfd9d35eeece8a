import {
  applyKills,
  applyPatch,
  type ConfigPatch,
  changedFlags,
  compareIds,
  type EvaluationContext,
  type FlagType,
  nextWindowEdge,
  type ParsedConfig,
  type Prepared,
  parseConfig,
  prepare,
  type Resolution,
  resolve,
  withNewerKills,
} from '../../lib/evaluation'
import type { Request } from './ask'
import type { Clock } from './clock'
import type { Failure } from './endpoint'
import { type KillOverlay, readOverlay } from './messages'
import type { RegexGate } from './regex-gate'
import type { Offer, Replica, Snapshot } from './replica'
import { fetchConfig, fetchPatches } from './requests'
import { WindowTimer } from './window-timer'

/** The whole config of an environment, or of its browser flags: decides for any context. */
export class FullReplica implements Replica {
  readonly pushed = true
  readonly outdated = false
  readonly validUntil = null
  readonly #gate: RegexGate
  #current: ParsedConfig | null = null
  /** Heard of before there was a config to lay it on. */
  #earlyKills: KillOverlay | null = null
  #validated = false
  #etag: string | null = null
  /** What is missing are patches: the next request asks for them alone. */
  #bySteps = false

  constructor(gate: RegexGate) {
    this.#gate = gate
  }

  get current(): ParsedConfig | null {
    return this.#current
  }

  get validated(): boolean {
    return this.#validated
  }

  /** At once where that can be; it may first have to wait for what it needs. */
  seed(text: string): Promise<boolean> | boolean {
    return this.#gate.admits(text) ? this.#seed(text) : this.#gate.waitFor(text).then(() => this.#seed(text))
  }

  replace(text: string, config: unknown): Offer {
    return this.#gate.admits(text) ? this.#replace(config) : this.#putOff(readOverlay(config))
  }

  patch(text: string, patch: ConfigPatch): Offer {
    return this.#gate.admits(text) ? this.#patch(patch) : this.#putOff(patch)
  }

  kill(overlay: KillOverlay): void {
    if (this.#current) this.#current = applyKills(this.#current, overlay.killed, overlay.killedAt)
    else this.#earlyKills = overlay
  }

  async fetch(request: Request): Promise<Offer | Failure> {
    const bySteps = this.#bySteps
    this.#bySteps = false
    const waitFor = (body: string) => this.#gate.waitFor(body)
    if (!bySteps) {
      const fetched = await fetchConfig(request, this.#etag, waitFor)
      if (fetched.kind === 'unchanged') return 'kept'
      if (fetched.kind !== 'config') return fetched
      const offer = this.#replace(fetched.config)
      if (offer !== 'malformed') this.#etag = fetched.etag
      return offer
    }
    const fetched = await fetchPatches(request, this.#current!.id, waitFor)
    if (fetched.kind === 'gone') return 'gap'
    if (fetched.kind !== 'patches') return fetched
    const steps = fetched.patches.map((patch) => this.#patch(patch))
    this.#bySteps = false // what did not follow is fetched whole
    if (steps.includes('gap') || steps.includes('malformed')) return 'gap'
    return steps.includes('applied') ? 'applied' : 'kept'
  }

  prepare(flagKey: string): Prepared | null {
    return this.#current && prepare(this.#current, flagKey)
  }

  resolve<T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
    now: number,
  ): Resolution<T> {
    return resolve(this.#current!, flagKey, type, defaultValue, context, now)
  }

  readonly toText = (): string => this.#current!.toText()

  changedSince(before: Snapshot | null): string[] {
    return changedFlags(before as ParsedConfig | null, this.#current!)
  }

  windows(clock: Clock, now: () => number, onEdge: (flags: readonly string[]) => void): WindowTimer {
    return new WindowTimer(clock, { replica: this, now }, onEdge)
  }

  nextEdge(now: number) {
    return this.#current && nextWindowEdge(this.#current, now)
  }

  #seed(text: string): boolean {
    const parsed = parseConfig(text)
    if (!parsed.ok || this.#current) return false
    this.#current = parsed.config
    if (this.#earlyKills) this.kill(this.#earlyKills)
    return true
  }

  #replace(input: unknown): Offer {
    const parsed = parseConfig(input)
    if (!parsed.ok) return 'malformed'
    const next = parsed.config
    const current = this.#current
    // Versions order one flag set: a bootstrap of another one must not hold back the server's.
    if (!current || next.flagSetId !== current.flagSetId) return this.#accept(next)
    const order = compareIds(next.id, current.id)
    const wins = order > 0 || (order === 0 && !this.#validated)
    return wins ? this.#accept(withNewerKills(next, current)) : 'kept'
  }

  #patch(patch: ConfigPatch): Offer {
    const current = this.#current
    if (!current) return 'gap'
    if (compareIds(patch.to, current.id) <= 0) return 'kept'
    const result = applyPatch(current, patch)
    if (result.ok && this.#validated) return this.#accept(result.config)
    this.kill(patch)
    const offer = result.ok ? 'gap' : result.reason
    this.#bySteps = offer === 'gap' && this.#validated
    return offer
  }

  #accept(config: ParsedConfig): Offer {
    this.#current = config
    this.#validated = true
    return 'applied'
  }

  /** Kills do not wait for what the rest needs. */
  #putOff(overlay: KillOverlay | null): Offer {
    if (overlay) this.kill(overlay)
    this.#bySteps = this.#validated
    return 'later'
  }
}
