import { describeOff, percent } from '@/lib/describe'
import { plural } from '@/lib/plural'
import type { Cohort, Direction, Impact } from './impact'

const WHOLE = 100_000

/** "35 %", "33 of 40"; null where people are counted by attributes that have nothing to do with each other. */
export function describeShare(share: number, { ids, by }: Pick<Cohort, 'ids' | 'by'>): string | null {
  if (ids && by.length === 1)
    return `${Math.round(share * ids.length).toLocaleString('en')} of ${ids.length.toLocaleString('en')}`
  if (by.length > 1) return null
  const steps = Math.round(share * WHOLE)
  return steps === 0 && share > 0 ? `under ${percent(1)}` : percent(steps)
}

/** What shares are shares of, where it is not people: " of company". */
export const sharedBy = ({ by }: Pick<Cohort, 'by'>): string =>
  by.length === 1 && by[0] !== 'targetingKey' ? ` of ${by[0]}` : ''

const only = (variants: readonly (string | null)[]): string | null | undefined =>
  new Set(variants).size === 1 ? variants[0] : undefined

const headlines: Record<Direction, (variant: string | null | undefined) => string> = {
  none: () => 'Nobody gets anything else',
  adds: (variant) =>
    variant === undefined ? 'Only adds people' : `Only adds people to ${describeOff(variant)}`,
  removes: (variant) =>
    variant === undefined ? 'Only removes people' : `Only removes people from ${describeOff(variant)}`,
  moves: () => 'Moves people from one variant to another',
}

const unknown = {
  blanks: 'Who gets something else can be said once nothing is left blank',
  cases: 'Who gets something else depends on more conditions than can be told apart here',
} as const

/** A change in one line: "Only adds people to on". */
export function describeImpact(impact: Impact): string {
  if (!impact.known) return unknown[impact.because]
  const { direction, cohorts } = impact
  const moves = cohorts.flatMap((cohort) => cohort.moves)
  const [move] = moves
  const [cohort] = cohorts
  const share = moves.length === 1 ? describeShare(move!.share, cohort!) : null
  if (direction === 'moves' && share !== null) {
    return `Moves ${share}${sharedBy(cohort!)} from ${describeOff(move!.from)} to ${describeOff(move!.to)}`
  }
  return headlines[direction](only(moves.map(({ from, to }) => (direction === 'adds' ? to : from))))
}

/** A cohort's shares in words, the largest first: "75 % off, 25 % on". */
export const describeShares = (shares: Cohort['before'], cohort: Cohort): string =>
  [...shares]
    .sort((a, b) => b.share - a.share)
    .map(({ variant, share }) => `${describeShare(share, cohort) ?? 'some'} ${describeOff(variant)}`)
    .join(', ')

/** Of people who cannot be counted; null: nobody is left out. */
export const describeLacking = (impact: Impact): string | null =>
  impact.known && impact.lacking.length > 0
    ? `Whoever has no ${impact.lacking.join(' or no ')} is in no share, and may get something else, too.`
    : null

export const moreCohorts = (count: number): string => `And ${plural(count, 'more group')} of people.`
