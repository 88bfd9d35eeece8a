import { compareIds, parseId } from '../../../lib/evaluation/ids'
import type { Prepared } from '../../../lib/evaluation/prepared'
import { privatePart } from '../../../lib/evaluation/residual/marks'
import { prepareResidual, resolveResidual } from '../../../lib/evaluation/residual/resolve-residual'
import type { Residual } from '../../../lib/evaluation/residual/types'
import type { EvaluationContext, FlagType, Resolution } from '../../../lib/evaluation/types'
import { ask, type Request } from '../../sync/ask'
import { contextJson } from '../../sync/context-json'
import { type Failure, failureOf } from '../../sync/endpoint'
import { parseJson } from '../../sync/json'
import type { Offer, Served, Snapshot } from '../../sync/replica'
import { hash } from './hash'

/** `killed`: what kills force off that came after the residual. */
export type Held = Snapshot & { readonly residual: Residual; readonly killed: readonly string[] }
/** As it was saved. `saved`: the hash of the private part it was made for. */
type Saved = Residual & { readonly killed?: readonly string[]; readonly saved?: string }

/** What is left of a config for one context: the server settled what is private, and is asked again when that changes. */
export class ResidualReplica implements Served {
  readonly pushed = false
  validated = false
  /** What it holds was made for another context. */
  outdated = false
  current: Held | null = null
  /** Lays on what it does not know of yet. */
  amend = (held: Held): Held => held
  /** The private part of the context it was made for, as text; `null` where that cannot be told. */
  #part: string | null = null
  /** What the application has set. */
  #wanted: EvaluationContext
  /** What is answered for: the same, but while another residual is awaited. */
  #served: EvaluationContext
  readonly #loadTests: () => Promise<void>

  /** `loadTests` gives the evaluation the operators that it does not bring along. */
  constructor(context: EvaluationContext, loadTests: () => Promise<void>) {
    this.#wanted = context
    this.#served = context
    this.#loadTests = loadTests
  }

  get validUntil(): number | null {
    return this.current?.residual.validUntil ?? null
  }

  /** Whom it was made for, without repeating it: what it is saved with. */
  get mark(): string | undefined {
    return markOf(this.#part)
  }

  /** Takes note of the application's context. False: the server must be asked. */
  moveTo(context: EvaluationContext): boolean {
    this.#wanted = context
    const part = this.current && partOf(this.current.residual, context)
    this.outdated = this.current !== null && (part === null || part !== this.#part)
    if (!this.outdated) this.#served = context
    return !this.outdated
  }

  seed(text: string): Promise<boolean> | boolean {
    const saved = readResidual(text)
    if (!saved || this.current) return false
    if (saved.saved !== undefined && saved.saved !== markOf(partOf(saved, this.#wanted))) return false
    const take = () => {
      if (!this.current) this.#accept(saved, this.#wanted)
      return true
    }
    return saved.compares ? this.#loadTests().then(take) : take()
  }

  async fetch(request: Request): Promise<Offer | Failure> {
    const context = this.#wanted
    const read = async (response: Response) => {
      const residual = readResidual(await response.text())
      if (!residual) return failureOf('the server answered with something other than a residual')
      if (residual.compares) await this.#loadTests()
      return residual
    }
    const fetched = await ask(request, '/config/residual', { body: contextJson(context) }, read)
    if (context !== this.#wanted) return 'later'
    if ('kind' in fetched) return fetched
    const held = this.current?.residual
    if (held?.flagSetId === fetched.flagSetId && compareIds(fetched.id, held.id) < 0) return 'kept'
    this.#accept(fetched, context)
    this.validated = true
    return 'applied'
  }

  prepare(flagKey: string): Prepared | null {
    const { residual, killed } = this.current!
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
    const { residual, killed } = this.current!
    return resolveResidual(residual, flagKey, type, defaultValue, this.#askedFor(context), now, killed)
  }

  /** While another residual is awaited, the answers are those of before. */
  #askedFor(context: EvaluationContext): EvaluationContext {
    return this.outdated ? this.#served : context
  }

  #accept(residual: Saved, context: EvaluationContext): void {
    this.#part = partOf(residual, context)
    this.#served = context
    this.outdated = false
    const { id, killedAt, killed = [] } = residual
    this.current = this.amend({ id, killedAt, token: {}, killed, residual })
  }
}

/** Tells one private part from another, without repeating it. */
function markOf(part: string | null): string | undefined {
  return part === null ? undefined : hash(part)
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
