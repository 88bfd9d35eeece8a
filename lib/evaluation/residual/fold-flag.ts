import { readKey, TARGETING_KEY } from '../attributes'
import { BOUNDS } from '../bounds'
import { fixedReason, missingKey } from '../interpret'
import { isMember } from '../membership'
import type { Mark } from '../metadata'
import { prerequisiteNodes } from '../prerequisites'
import { assign } from '../rollout'
import { isWithin, windowOf } from '../rule-window'
import type { ErrorCode, Flag, FlagMetadata, Prerequisite, Rollout, Rule, Serve } from '../types'
import {
  allOf,
  earliest,
  FOREVER,
  type Fold,
  type Folded,
  type FoldedFlag,
  foldCondition,
  negated,
  settled,
} from './fold-condition'
import type { Leaf, ResidualRollout, Step } from './types'

/** The questions of docs/evaluation.md in their order: what is settled is left out, and what is decided ends them. */
export function foldFlag(key: string, fold: Fold): FoldedFlag {
  let folded = fold.folded.get(key)
  if (!folded) {
    folded = foldAnew(key, fold)
    fold.folded.set(key, folded)
  }
  return folded
}

function foldAnew(key: string, fold: Fold): FoldedFlag {
  const { world } = fold.scope
  const cell = world.cell(key)
  if (!cell?.flag) return always(failure('PARSE_ERROR', `flag "${key}" is malformed: ${cell?.fault}`))
  const { flag, killed } = cell
  if (killed || !flag.on) return always(off(flag, 'DISABLED', killed ? { killed } : undefined))
  if (prerequisiteNodes(key, (name) => world.cell(name)?.flag) > BOUNDS.prerequisiteNodes)
    return always(failure('GENERAL', `the prerequisites of flag "${key}" expand to too many flags`))

  const parts: Part[] = []
  for (const part of partsOf(flag, fold)) {
    parts.push(part)
    if (part.step && part.decides) break
  }
  return { steps: parts.flatMap(({ step }) => step ?? []), until: earliest(parts) }
}

/** One question: what is left of it, and whether it has an outcome for everyone. */
type Part = { readonly step: Step<Leaf> | null; readonly decides: boolean; readonly until: number }

function* partsOf(flag: Flag, fold: Fold): Generator<Part> {
  for (const prerequisite of flag.prerequisites) {
    const unmet = negated(isMet(prerequisite, fold))
    yield partOf(unmet, { outcome: off(flag, 'DEFAULT', { prerequisite: prerequisite.flag }) })
  }
  for (const { by, variant, values } of flag.targets) {
    const id = readKey(fold.scope.context, by)
    const named = id !== undefined && isMember(values)(id)
    yield partOf(settled(named), { outcome: { reason: 'TARGETING_MATCH', variant } })
  }
  for (const rule of flag.rules) {
    const mark = { rule: rule.id }
    yield partOf(ruleHolds(rule, fold), serve(rule.serve, flag, fold, 'TARGETING_MATCH', null, mark))
  }
  const { fallthrough } = flag
  const { errorCode, errorMessage } = missingKey(
    'rollout' in fallthrough ? fallthrough.rollout.by : undefined,
  )
  const missing = failure(errorCode, errorMessage)
  yield partOf(settled(true), serve(fallthrough, flag, fold, fixedReason(flag), missing))
}

function partOf({ test, until }: Folded, outcome: Step<Leaf> | null): Part {
  if (test === false || outcome === null) return { step: null, decides: false, until }
  const decides = test === true && ('outcome' in outcome || isComplete(outcome.rollout))
  return { step: test === true ? outcome : { when: test, ...outcome }, decides, until }
}

function isComplete({ outside, missing, share }: ResidualRollout<unknown>): boolean {
  return missing !== null && (outside !== null || share === BOUNDS.whole)
}

function ruleHolds(rule: Rule, fold: Fold): Folded {
  const window = windowOf(rule)
  if (window === null) return foldCondition(rule.when, fold)
  const { now } = fold.scope
  const edges = [window.from, window.until].map(Math.ceil).filter((edge) => edge > now)
  const open = settled(isWithin(window, now), Math.min(FOREVER, ...edges))
  return allOf([open, foldCondition(rule.when, fold)])
}

/** `null`: it serves nothing to anyone here. `missing`: the answer where a rollout has nothing to count by. */
function serve(
  served: Serve,
  flag: Flag,
  fold: Fold,
  fixed: 'TARGETING_MATCH' | 'STATIC' | 'DEFAULT',
  missing: Leaf | null,
  mark?: FlagMetadata,
): Step<Leaf> | null {
  const marked = mark && { mark }
  if ('variant' in served) return { outcome: { reason: fixed, variant: served.variant, ...marked } }
  const { rollout } = served
  const split = (variant: string): Leaf => ({ reason: 'SPLIT', variant, ...marked })
  if (fold.isPublic(rollout.by ?? TARGETING_KEY)) return kept(rollout, flag.salt, split, missing)
  const chosen = assign(rollout, flag.salt, fold.scope)
  if (typeof chosen === 'string') return { outcome: split(chosen) }
  return missing && chosen.miss === 'bucketing_attribute_missing' ? { outcome: missing } : null
}

function kept(
  { by = TARGETING_KEY, salt: ownSalt, share, split, rest }: Rollout,
  flagSalt: string,
  serve: (variant: string) => Leaf,
  missing: Leaf | null,
): Step<Leaf> | null {
  const outside = rest === 'continue' ? null : serve(rest.variant)
  const sole = split.find(({ weight }) => weight === BOUNDS.whole)
  if (share === 0) return outside && { outcome: outside }
  if (share === BOUNDS.whole && sole) return { outcome: serve(sole.variant) }
  let end = 0
  const inside = split.flatMap(({ variant, weight }): [number, Leaf][] => {
    end += weight
    return weight === 0 ? [] : [[end, serve(variant)]]
  })
  return { rollout: { by, salt: ownSalt ?? flagSalt, share, inside, outside, missing } }
}

/** Whether a prerequisite is on and serves one of the variants wanted of it. */
function isMet({ flag, variants }: Prerequisite, fold: Fold): Folded {
  if (!fold.scope.world.cell(flag)?.flag) return settled(false)
  const { steps, until } = foldFlag(flag, fold)
  const met = ({ reason, variant }: Leaf) =>
    reason !== 'DISABLED' && variant !== undefined && variants.includes(variant)
  const truths = steps.map((step) => mapStep(step, met))
  const [first, ...others] = truths.flatMap(outcomesOf)
  if (others.every((outcome) => outcome === first)) return settled(first!, until)
  return { test: { met: truths }, until }
}

function mapStep<T, U>(step: Step<T>, map: (outcome: T) => U): Step<U> {
  const when = step.when && { when: step.when }
  if ('outcome' in step) return { ...when, outcome: map(step.outcome) }
  const { inside, outside, missing, ...rollout } = step.rollout
  return {
    ...when,
    rollout: {
      ...rollout,
      inside: inside.map(([end, outcome]) => [end, map(outcome)] as const),
      outside: outside === null ? null : map(outside),
      missing: missing === null ? null : map(missing),
    },
  }
}

/** All that a step can come to. */
export function outcomesOf<T>(step: Step<T>): T[] {
  if ('outcome' in step) return [step.outcome]
  const { inside, outside, missing } = step.rollout
  return [...inside.map(([, outcome]) => outcome), outside, missing].filter((outcome) => outcome !== null)
}

function always(outcome: Leaf): FoldedFlag {
  return { steps: [{ outcome }], until: FOREVER }
}

function off({ offVariant }: Flag, reason: 'DISABLED' | 'DEFAULT', mark: Mark): Leaf {
  return { reason, ...(offVariant !== null && { variant: offVariant }), ...(mark && { mark }) }
}

function failure(errorCode: ErrorCode, errorMessage: string): Leaf {
  return { reason: 'ERROR', errorCode, errorMessage }
}
