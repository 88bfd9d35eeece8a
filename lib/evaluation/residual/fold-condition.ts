import { readAttribute, readKey } from '../attributes'
import { holds } from '../conditions'
import { parseDuration } from '../durations'
import { isMember } from '../membership'
import type { Scope } from '../scope'
import { readTime } from '../times'
import type { AttributeCondition, Condition, Segment } from '../types'
import type { Leaf, Step, Test } from './types'

/** What folding looks at. */
export type Fold = {
  readonly scope: Scope
  /** Flags that are done: several may need the same one. */
  readonly folded: Map<string, FoldedFlag>
  readonly isPublic: (attribute: string) => boolean
}

/** What is left of a flag, and until when (epoch ms). The last step has an outcome for everyone. */
export type FoldedFlag = { readonly steps: readonly Step<Leaf>[]; readonly until: number }

/** A condition, or its truth for everyone who shares the private attributes; it stands until then, in epoch ms. */
export type Folded = { readonly test: Test | boolean; readonly until: number }

export const FOREVER = Number.POSITIVE_INFINITY

export const settled = (test: boolean, until = FOREVER): Folded => ({ test, until })

/** Settles what private attributes decide, and leaves the rest as it is. */
export function foldCondition(condition: Condition, fold: Fold): Folded {
  if ('attribute' in condition) return foldAttribute(condition, fold)
  if ('segment' in condition) {
    const folded = foldSegment(fold.scope.world.segment(condition.segment)?.value, fold)
    return condition.negate ? negated(folded) : folded
  }
  if ('all' in condition) return allOf(condition.all.map((inner) => foldCondition(inner, fold)))
  if ('any' in condition) return anyOf(condition.any.map((inner) => foldCondition(inner, fold)))
  return negated(foldCondition(condition.not, fold))
}

export function allOf(parts: readonly Folded[]): Folded {
  return joined(parts, false, (all) => ({ all }))
}

export function anyOf(parts: readonly Folded[]): Folded {
  return joined(parts, true, (any) => ({ any }))
}

export function negated({ test, until }: Folded): Folded {
  return { test: typeof test === 'boolean' ? !test : { not: test }, until }
}

/** `decisive`: the truth of one part that settles the whole, for as long as one such part stands. */
function joined(
  parts: readonly Folded[],
  decisive: boolean,
  group: (tests: readonly Test[]) => Test,
): Folded {
  const deciding = parts.filter(({ test }) => test === decisive)
  if (deciding.length > 0) return settled(decisive, Math.max(...deciding.map(({ until }) => until)))
  const tests = parts.flatMap(({ test }) => (typeof test === 'boolean' ? [] : [test]))
  const until = earliest(parts)
  if (tests.length === 0) return settled(!decisive, until)
  return { test: tests.length === 1 ? tests[0]! : group(tests), until }
}

export function earliest(parts: readonly { readonly until: number }[]): number {
  return parts.reduce((first, { until }) => Math.min(first, until), FOREVER)
}

function foldAttribute(condition: AttributeCondition, { scope, isPublic }: Fold): Folded {
  if (isPublic(condition.attribute)) return { test: condition, until: FOREVER }
  return settled(holds(condition, scope), nextChange(condition, scope))
}

/** Lists of ids are never public: whoever is named by an attribute that they compare is asked about on the server. */
function foldSegment(segment: Segment | null | undefined, fold: Fold): Folded {
  if (!segment) return settled(false)
  const { by, included, excluded, any } = segment
  const id = included.length + excluded.length === 0 ? undefined : readKey(fold.scope.context, by)
  if (id !== undefined && isMember(excluded)(id)) return settled(false)
  if (id !== undefined && isMember(included)(id)) return settled(true)
  return anyOf(any.map((condition) => foldCondition(condition, fold)))
}

/** When an age passes its limit, or a time in the future arrives: the next whole millisecond at which it may. */
function nextChange({ attribute, op, values }: AttributeCondition, { context, now }: Scope): number {
  if (op !== 'within_last' && op !== 'older_than') return FOREVER
  const at = readTime(readAttribute(context, attribute))
  if (at === undefined) return FOREVER
  const passed = Math.floor(at + parseDuration(values[0] as string)!) + 1
  const edges = [Math.ceil(at), passed].filter((edge) => edge > now)
  return edges.length > 0 ? Math.min(...edges) : FOREVER
}
