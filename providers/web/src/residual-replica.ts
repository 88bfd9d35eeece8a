import { compareIds, parseId } from '../../../lib/evaluation/ids'
import type { Prepared } from '../../../lib/evaluation/prepared'
import { privatePart } from '../../../lib/evaluation/residual/marks'
import {
  killedSteps,
  prepareResidual,
  resolveResidual,
} from '../../../lib/evaluation/residual/resolve-residual'
import type { Residual } from '../../../lib/evaluation/residual/types'
import type { EvaluationContext, FlagType, Resolution } from '../../../lib/evaluation/types'
import { ask, type Request } from '../../sync/ask'
import { contextJson } from '../../sync/context-json'
import { type Failure, failed } from '../../sync/endpoint'
import { type KillOverlay, parseJson } from '../../sync/messages'
import type { Offer, Replica, Snapshot } from '../../sync/replica'
import { hash } from './hash'

/** `killed`: what kills force off that came after the residual. `saved`: the hash of the private part it was made for. */
type Held = Snapshot & { readonly residual: Residual; readonly killed: readonly string[] }
type Saved = Residual & { readonly killed?: readonly string[]; readonly saved?: string }

/** What is left of a config for one context: the server settled what is private, and is asked again when that changes. */
export class ResidualReplica implements Replica {
  readonly pushed = false
  validated = false
  /** What it holds was made for another context. */
  outdated = false
  #held: Held | null = null
  #kills: KillOverlay | null = null
  /** What the application has set. */
  #wanted: EvaluationContext
  /** What is answered for: the same, but while another residual is awaited. */
  #served: EvaluationContext
  #part: string | null = null
  readonly #loadTests: () => Promise<void>

  /** `loadTests` gives the evaluation the operators that it does not bring along. */
  constructor(context: EvaluationContext, loadTests: () => Promise<void>) {
    this.#wanted = context
    this.#served = context
    this.#loadTests = loadTests
  }

  get current(): Held | null {
    return this.#held
  }

  get validUntil(): number | null {
    return this.#held?.residual.validUntil ?? null
  }

  /** Takes note of the application's context. False: the server must be asked. */
  moveTo(context: EvaluationContext): boolean {
    this.#wanted = context
    const part = this.#held && partOf(this.#held.residual, context)
    this.outdated = this.#held !== null && (part === null || part !== this.#part)
    if (!this.outdated) this.#served = context
    return !this.outdated
  }

  seed(text: string): Promise<boolean> | boolean {
    const saved = readResidual(text)
    if (!saved || this.#held) return false
    const part = partOf(saved, this.#wanted)
    if (saved.saved !== undefined && (part === null || saved.saved !== hash(part))) return false
    const take = () => {
      if (!this.#held) this.#accept(saved, this.#wanted)
      return true
    }
    return saved.compares ? this.#loadTests().then(take) : take()
  }

  /** Whole configs and patches are for those who may read rules. */
  replace(): Offer {
    return 'kept'
  }

  patch(): Offer {
    return 'kept'
  }

  kill(overlay: KillOverlay): void {
    if (compareIds(overlay.killedAt, this.#kills?.killedAt ?? '') > 0) this.#kills = overlay
    if (this.#held) this.#held = this.#withKills(this.#held.residual, this.#held)
  }

  async fetch(request: Request): Promise<Offer | Failure> {
    const context = this.#wanted
    const read = async (response: Response) => {
      const residual = readResidual(await response.text())
      if (!residual) return failed('the server answered with something other than a residual')
      if (residual.compares) await this.#loadTests()
      return residual
    }
    const fetched = await ask(request, '/config/residual', { body: contextJson(context) }, read)
    if (context !== this.#wanted) return 'later'
    if ('kind' in fetched) return fetched
    const held = this.#held?.residual
    if (held?.flagSetId === fetched.flagSetId && compareIds(fetched.id, held.id) < 0) return 'kept'
    this.#accept(fetched, context)
    this.validated = true
    return 'applied'
  }

  prepare(flagKey: string): Prepared | null {
    const { residual, killed } = this.#held!
    const prepared = prepareResidual(residual, flagKey, killed)
    if (!prepared) return null
    const evaluate: Prepared['evaluate'] = (context, now) => prepared.evaluate(this.#askedFor(context), now)
    return { ...prepared, evaluate }
  }

  resolve<T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
    now: number,
  ): Resolution<T> {
    const { residual, killed } = this.#held!
    return resolveResidual(residual, flagKey, type, defaultValue, this.#askedFor(context), now, killed)
  }

  changedSince(before: Snapshot | null): string[] {
    const was = before as Held | null
    const is = this.#held!
    const keys = new Set([...Object.keys(was?.residual.flags ?? {}), ...Object.keys(is.residual.flags)])
    return [...keys].filter((key) => effect(was, key) !== effect(is, key)).sort()
  }

  /** While another residual is awaited, the answers are those of before. */
  #askedFor(context: EvaluationContext): EvaluationContext {
    return this.outdated ? this.#served : context
  }

  nextEdge(): null {
    return null
  }

  #accept(residual: Saved, context: EvaluationContext): void {
    this.#part = partOf(residual, context)
    this.#served = context
    this.outdated = false
    this.#held = this.#withKills(residual, null)
  }

  /** Kills that are newer than the residual, unless it began a new history. */
  #withKills(residual: Saved, held: Held | null): Held {
    const at = {
      killed: held?.killed ?? residual.killed ?? [],
      killedAt: held?.killedAt ?? residual.killedAt,
    }
    const isNewer =
      this.#kills !== null &&
      compareIds(this.#kills.killedAt, at.killedAt) > 0 &&
      parseId(this.#kills.killedAt)!.epoch >= parseId(residual.id)!.epoch
    const { killed, killedAt } = isNewer ? this.#kills! : at
    if (held?.killedAt === killedAt) return held
    const saved = this.#part === null ? undefined : hash(this.#part)
    const toText = () => JSON.stringify({ ...residual, killed, killedAt, saved })
    return { id: residual.id, killedAt, token: {}, killed, residual, toText }
  }
}

/** What a flag comes to, apart from the values of its variants, which change with its version. */
function effect(held: Held | null, key: string): string | undefined {
  const flags = held?.residual.flags ?? {}
  if (!held || !Object.hasOwn(flags, key)) return undefined
  const flag = flags[key]!
  return JSON.stringify([
    held.killed.includes(key) ? killedSteps(flag) : flag.steps,
    flag.metadata,
    flag.type,
  ])
}

/** `null` where it cannot be told, e.g. from a context with a cycle: it may be another one each time. */
function partOf({ attributes }: Residual, context: EvaluationContext): string | null {
  try {
    return privatePart(attributes, context)
  } catch {
    return null
  }
}

/** Only the frame is checked: evaluation answers with an error for what else is wrong. */
function readResidual(text: string): Saved | null {
  const input = parseJson(text) as Partial<Saved> | null | undefined
  const isSound =
    input?.mode === 'residual' &&
    input.schema === 1 &&
    typeof input.flagSetId === 'string' &&
    typeof input.id === 'string' &&
    parseId(input.id) !== null &&
    typeof input.killedAt === 'string' &&
    isRecord(input.flags) &&
    isRecord(input.attributes)
  return isSound ? (input as Saved) : null
}

function isRecord(input: unknown): boolean {
  return typeof input === 'object' && input !== null
}
