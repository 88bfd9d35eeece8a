import { BOUNDS } from '../evaluation/bounds'
import type { Condition, Flag, Rollout, Rule, Serve } from '../evaluation/types'
import { sameJson } from '../evaluation/values'
import { all } from './flagd-import-conditions'
import { type Fraction, shareOf, totalOf } from './flagd-import-fractional'
import { add, type ImportScope, refuse } from './flagd-import-scope'
import { type Clause, type Gate, rfc3339, roundedAt, type Step } from './flagd-import-steps'

export type Decision = Pick<Flag, 'rules' | 'fallthrough'>

/** A rule before it has an id; `keyed` is the attribute without which flagd serves the default variant instead. */
type Entry = {
  readonly when: readonly Condition[]
  readonly window: Pick<Rule, 'from' | 'until'>
  readonly serve: Serve
  readonly keyed?: string
}

const SPLIT = '/split/' // what the engine puts after the salt to choose a variant; docs/evaluation.md

/** Steps as rules and a fallthrough; null where the flag has to be left out. */
export function decide(steps: readonly Step[], fallback: string | null, scope: ImportScope): Decision | null {
  const entries: Entry[] = []
  for (const step of steps) {
    for (const entry of entriesOf(step, fallback, scope)) {
      if (!mergeRest(entries, entry)) entries.push(entry)
      if (isAlways(entry) && 'variant' in entry.serve) return decision(entries.slice(0, -1), entry.serve)
    }
    if (scope.faults.length > 0) return null
    if (fallback === null && (step.serve === null || isAlways(entries.at(-1))))
      return decideByKey(entries, step, scope)
  }
  return null
}

function decision(entries: readonly Entry[], fallthrough: Serve): Decision {
  const rules = entries.map(({ when, window, serve }, i) => ({
    id: `rule-${i + 1}`,
    when: all(when),
    serve,
    ...window,
  }))
  return { rules, fallthrough }
}

/** Nobody's turn is left but of those without a key, to whom the fallthrough leaves the default of the caller. */
function decideByKey(entries: readonly Entry[], step: Step, scope: ImportScope): Decision | null {
  const last = entries.at(-1)
  const isLast = step.serve !== null || step.clauses.length === 0
  if (isLast && last && 'rollout' in last.serve && isOnlyKeyed(last)) {
    const { rollout } = last.serve
    const rest = rollout.rest === 'continue' ? { variant: rollout.split[0]!.variant } : rollout.rest
    if (rollout.rest !== 'continue' || rollout.share === BOUNDS.whole)
      return decision(entries.slice(0, -1), { rollout: { ...rollout, rest } })
  }
  refuse(scope, step.node, 'here flagd serves the default of the caller: a rule must serve a variant')
  return null
}

function isOnlyKeyed({ when, window, serve, keyed }: Entry): boolean {
  if (!('rollout' in serve) || !isAlways({ when: [], window })) return false
  const { by = 'targetingKey' } = serve.rollout
  return when.length === 0 ? keyed === by : when.length === 1 && isKeyGuard(when[0]!, by)
}

function isAlways(entry: Pick<Entry, 'when' | 'window'> | undefined): boolean {
  return entry?.when.length === 0 && entry.window.from === undefined && entry.window.until === undefined
}

function entriesOf(step: Step, fallback: string | null, scope: ImportScope): Entry[] {
  const { clauses, node } = step
  const when = clauses.flatMap((clause) => ('condition' in clause ? partsOf(clause.condition) : []))
  const gates = clauses.flatMap((clause) => ('gate' in clause ? [clause.gate] : []))
  const window = windowOf(clauses)
  if (window === null) return []
  if (gates.length > 1) {
    refuse(scope, node, 'shares inside shares cannot be imported')
    return []
  }
  const serve = step.serve ?? fallback
  if (serve === null) return []
  if (typeof serve !== 'string') return fractionEntries(serve, gates[0], { when, window }, fallback, scope)
  return [{ when, window, serve: gates[0] ? gatedVariant(gates[0], serve, when, scope) : { variant: serve } }]
}

function gatedVariant(gate: Gate, variant: string, when: readonly Condition[], scope: ImportScope): Serve {
  const { by, path } = gate
  if (!when.some((condition) => isKeyGuard(condition, by)))
    add(scope.inexact, { path, reason: `${whoeverHasNo(by)} is outside the share instead of drawn` })
  return gated(gate, sole(variant))
}

function partsOf(condition: Condition): readonly Condition[] {
  return 'all' in condition ? condition.all : [condition]
}

const sole = (variant: string): Rollout['split'] => [{ variant, weight: BOUNDS.whole }]

function gated({ by, salt, share }: Omit<Gate, 'path'>, split: Rollout['split']): Serve {
  return { rollout: { by, salt, share, split, rest: 'continue' } }
}

function fractionEntries(
  fraction: Fraction,
  gate: Gate | undefined,
  where: Pick<Entry, 'when' | 'window'>,
  fallback: string | null,
  scope: ImportScope,
): Entry[] {
  const served = variantsOf(fraction, fallback, scope)
  if (!served) return []
  const shares = sharesOf(fraction, scope)
  const { by } = fraction
  const salt = fraction.salt.endsWith(SPLIT) ? fraction.salt.slice(0, -SPLIT.length) : null
  const split = served.map((variant, i) => ({ variant, weight: shares[i]! - (shares[i - 1] ?? 0) }))
  const isGuarded = where.when.some((condition) => isKeyGuard(condition, by))
  const withoutKey: Entry[] =
    fallback === null || isGuarded ? [] : [{ ...where, serve: { variant: fallback } }]
  if (!isGuarded) noteKeyless(fraction, where, fallback, scope)
  if (salt !== null && (!gate || (gate.salt === salt && gate.by === by))) {
    const serve = gated({ by, salt, share: gate?.share ?? BOUNDS.whole }, split)
    return [{ ...where, serve, keyed: by }, ...withoutKey]
  }
  if (gate) {
    refuse(
      scope,
      { input: null, path: fraction.path },
      `inside a share, a split is drawn by the same attribute after the salt and "${SPLIT}"`,
    )
    return []
  }
  return [
    ...cumulative(fraction, served, shares).map((serve) => ({ ...where, serve, keyed: by })),
    ...withoutKey,
  ]
}

/**
 * Shares of one salt nest, so that the first 20 %, the first 50 % of whom the first 20 % are gone, and the rest are
 * the people that flagd draws: everyone keeps their variant.
 */
function cumulative({ by, salt }: Fraction, served: readonly string[], shares: readonly number[]): Serve[] {
  const last = served.length - 1
  if (last === 0)
    return [{ rollout: { by, salt, share: 1, split: sole(served[0]!), rest: { variant: served[0]! } } }]
  return served.slice(0, last).map((variant, i) => {
    const rest = i === last - 1 ? { variant: served[last]! } : ('continue' as const)
    return { rollout: { by, salt, share: shares[i]!, split: sole(variant), rest } }
  })
}

/** Given a key by name, flagd hashes what it makes of no value, and its implementations make different things of it. */
function noteKeyless(
  { by, path, isExplicit }: Fraction,
  where: Pick<Entry, 'when' | 'window'>,
  fallback: string | null,
  scope: ImportScope,
): void {
  const whoever = whoeverHasNo(by)
  if (fallback === null && !isAlways(where))
    add(scope.inexact, {
      path,
      reason: `${whoever} is asked the rules that follow instead of getting no variant`,
    })
  else if (isExplicit)
    add(scope.inexact, { path, reason: `${whoever} gets the default variant instead of a drawn one` })
}

function whoeverHasNo(attribute: string): string {
  return `whoever has no "${attribute}", or an empty one,`
}

function variantsOf({ parts, path }: Fraction, fallback: string | null, scope: ImportScope): string[] | null {
  const served = parts.map(({ variant }) => variant ?? fallback)
  if (served.every((variant) => variant !== null)) return served
  refuse(scope, { input: null, path }, 'a part serves the default of the caller: a rule must serve a variant')
  return null
}

function sharesOf(fraction: Fraction, scope: ImportScope): number[] {
  const total = totalOf(fraction)
  let cut = 0
  return fraction.parts.map(({ weight }) => {
    cut += weight
    const { share, isExact } = shareOf(cut, total)
    if (!isExact) roundedAt(fraction, share, scope)
    return share
  })
}

/** Whether a condition asks for no more than that people can be drawn by an attribute. */
function isKeyGuard(condition: Condition, by: string): boolean {
  const guard = { attribute: by, op: 'is_one_of', values: [true, false, ''], negate: true }
  return sameJson(condition, guard)
}

/** After "inside the share" comes, under the same conditions, what those outside get: both make one rollout. */
function mergeRest(entries: Entry[], next: Entry): boolean {
  const last = entries.at(-1)
  if (!last || !('rollout' in last.serve) || !('variant' in next.serve)) return false
  const { rollout } = last.serve
  const isGuarded = last.when.some((condition) => isKeyGuard(condition, rollout.by!))
  if (rollout.rest !== 'continue' || rollout.share === BOUNDS.whole || !isGuarded) return false
  if (!sameJson([last.when, last.window], [next.when, next.window])) return false
  entries[entries.length - 1] = { ...last, serve: { rollout: { ...rollout, rest: next.serve } } }
  return true
}

function windowOf(clauses: readonly Clause[]): Entry['window'] | null {
  const from = Math.max(
    ...clauses.map((clause) => ('from' in clause ? clause.from : Number.NEGATIVE_INFINITY)),
  )
  const until = Math.min(
    ...clauses.map((clause) => ('until' in clause ? clause.until : Number.POSITIVE_INFINITY)),
  )
  if (from >= until) return null
  return {
    ...(from > Number.NEGATIVE_INFINITY && { from: rfc3339(from)! }),
    ...(until < Number.POSITIVE_INFINITY && { until: rfc3339(until)! }),
  }
}
