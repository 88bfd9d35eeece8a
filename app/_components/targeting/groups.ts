import { BOUNDS } from '@/lib/evaluation'
import type { Condition } from '@/lib/evaluation/types'
import { isLeaf, newCondition } from './conditions'

/** How the conditions of a group decide together. */
export type GroupKind = 'all' | 'any' | 'not all' | 'none'

/** A condition as a group of others, and as what it stood in the draft: written back unchanged, it is the same. */
export type Group = {
  kind: GroupKind
  items: readonly Condition[]
  /** `{ not: one }`, without a group inside. */
  bare: boolean
}

/** Null: a single question. */
export function groupOf(when: Condition): Group | null {
  if ('all' in when) return { kind: 'all', items: when.all, bare: false }
  if ('any' in when) return { kind: 'any', items: when.any, bare: false }
  if (!('not' in when)) return null
  const { not } = when
  if ('all' in not) return { kind: 'not all', items: not.all, bare: false }
  if ('any' in not) return { kind: 'none', items: not.any, bare: false }
  return { kind: 'none', items: [not], bare: true }
}

const written: Record<GroupKind, (items: readonly Condition[]) => Condition> = {
  all: (all) => ({ all }),
  any: (any) => ({ any }),
  'not all': (all) => ({ not: { all } }),
  none: (any) => ({ not: { any } }),
}

export function conditionOf({ kind, items, bare }: Group): Condition {
  const [only] = items
  const alone = bare && kind === 'none' && items.length === 1 && only && !('all' in only || 'any' in only)
  return alone ? { not: only } : written[kind](items)
}

/** The condition of a whole rule: one question stands alone, without a group around it. */
export function rootOf(group: Group): Condition {
  const [only] = group.items
  return !isContrary(group) && group.items.length === 1 && only && isLeaf(only) ? only : conditionOf(group)
}

export const isContrary = ({ kind }: Group) => kind === 'not all' || kind === 'none'

/** How many groups are around the items of a group. */
export const levelInside = (group: Group, level: number) => level + (isContrary(group) && !group.bare ? 2 : 1)

/** Where an item of a group stands, as problems name it. */
export function pathOfItem(group: Group, index: number): string {
  if (group.bare) return 'not'
  const inside = group.kind === 'all' || group.kind === 'not all' ? 'all' : 'any'
  return `${isContrary(group) ? 'not.' : ''}${inside}.${index}`
}

/** Groups inside groups, this one counted: what the bound of the engine counts. */
export function heightOf(when: Condition): number {
  if ('all' in when) return 1 + Math.max(0, ...when.all.map(heightOf))
  if ('any' in when) return 1 + Math.max(0, ...when.any.map(heightOf))
  return 'not' in when ? 1 + heightOf(when.not) : 0
}

/** Whether a condition may stand inside so many groups. */
export const fits = (when: Condition, level: number) => level + heightOf(when) <= BOUNDS.conditionDepth

export const tooDeep = `Groups nest at most ${BOUNDS.conditionDepth} deep`

/** A group to begin with, which decides otherwise than the one around it: else it would say nothing new. */
export const newGroup = (around: GroupKind): Condition =>
  written[around === 'all' || around === 'not all' ? 'any' : 'all']([newCondition()])
