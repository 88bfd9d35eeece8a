import { describeCondition } from '@/lib/describe'
import { plural } from '@/lib/plural'
import { describeWindow } from '@/lib/rule-window'
import { toldOnce } from './compatible'
import type { Cohort } from './impact'
import type { Answer, Cell } from './question'

const LISTED = 3 // names or conditions spelled out before "and 4 more"

const has = (cells: readonly Cell[], kind: Cell['kind']) => cells.some((cell) => cell.kind === kind)
const without = (all: readonly Cell[], some: readonly Cell[]) => all.filter((cell) => !some.includes(cell))
const valuesOf = (cells: readonly Cell[]) =>
  cells.flatMap((cell) => (cell.kind === 'values' ? [...cell.values] : []))

/** A stretch of numbers; null: no end. */
type Stretch = { low: number | null; high: number | null; withLow: boolean; withHigh: boolean }

const stretchOf = (cell: Cell): Stretch[] => {
  if (cell.kind === 'range') return [{ low: cell.above, high: cell.below, withLow: false, withHigh: false }]
  const [value] = cell.kind === 'values' ? cell.values : []
  return typeof value === 'number' ? [{ low: value, high: value, withLow: true, withHigh: true }] : []
}

/** Stretches that touch are one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const start = ({ low, withLow }: Stretch) =>
    low === null ? Number.NEGATIVE_INFINITY : low + (withLow ? 0 : 1e-9)
  const parts: Stretch[] = []
  for (const next of [...stretches].sort((a, b) => start(a) - start(b))) {
    const last = parts.at(-1)
    if (last && last.high === next.low && (last.withHigh || next.withLow)) {
      parts[parts.length - 1] = { ...last, high: next.high, withHigh: next.withHigh }
    } else parts.push(next)
  }
  return parts
}

function describeStretch({ low, high, withLow, withHigh }: Stretch): string {
  if (low === high && low !== null) return String(low)
  const from = low === null ? '' : withLow ? `${low} or more` : `above ${low}`
  const to = high === null ? '' : withHigh ? `${high} or less` : `below ${high}`
  return [from, to].filter(Boolean).join(' and ') || 'a number'
}

/** "plan is one of pro, team", "age is 18 or more" */
function describeValues(attribute: string, cells: readonly Cell[], negate: boolean): string {
  const isLine = has(cells, 'range')
  const values = valuesOf(cells).filter((value) => !isLine || typeof value !== 'number')
  const numbers = isLine ? joined(cells.flatMap(stretchOf)).map(describeStretch).join(', or ') : ''
  return [
    values.length > 0 && describeCondition({ attribute, op: 'is_one_of', values, negate }),
    numbers && `${attribute} is ${negate ? 'not ' : ''}${numbers}`,
  ]
    .filter(Boolean)
    .join(negate ? ' and ' : ' or ')
}

function describeAttribute(attribute: string, { question, cells }: Answer): string {
  const isOpen = has(cells, 'other')
  const told = isOpen ? without(question.cells, cells) : cells
  const said = describeValues(attribute, told, isOpen)
  const isSet = isOpen && !has(cells, 'missing') && !said && `${attribute} is set`
  const unset = !isOpen && has(cells, 'missing') && `${attribute} is not set`
  const odd = !isOpen && !has(cells, 'missing') && has(cells, 'untyped') && `${attribute} is of another type`
  return [said, isSet, unset, odd].filter(Boolean).join(' or ')
}

function describeGiven(given: Answer): string {
  const { question, cells } = given
  const { about } = question
  const yes = has(cells, 'yes')
  if ('attribute' in about) return describeAttribute(about.attribute, given)
  if ('condition' in about) {
    const { condition } = about
    return describeCondition(
      'attribute' in condition || 'segment' in condition ? { ...condition, negate: !yes } : condition,
    )
  }
  if ('flag' in about) {
    const isOpen = has(cells, 'other')
    const variants = valuesOf(isOpen ? without(question.cells, cells) : cells)
    return `${about.flag} ${isOpen ? 'does not serve' : 'serves'} ${variants.join(' or ')}`
  }
  return describeTimes(about, yes)
}

/** "from 1 Jan 2027, 00:00 UTC": what is not until a time is from then on. */
function describeTimes({ from, until }: { from?: string; until?: string }, isOpen: boolean): string {
  if (isOpen) return describeWindow({ from, until })
  if (from === undefined) return describeWindow({ from: until })
  return until === undefined ? describeWindow({ until: from }) : `not ${describeWindow({ from, until })}`
}

const isTime = ({ question: { about } }: Answer) => 'from' in about || 'until' in about

/** That an attribute is there at all goes without saying where a condition compares it. */
function isImplied({ question: { about, cells: all }, cells }: Answer, given: readonly Answer[]): boolean {
  if (!('attribute' in about) || has(cells, 'missing') || !has(cells, 'other')) return false
  if (without(all, cells).some(({ kind }) => kind === 'values' || kind === 'range')) return false
  return given.some(
    ({ question }) =>
      'condition' in question.about &&
      'attribute' in question.about.condition &&
      question.about.condition.attribute === about.attribute,
  )
}

const names = (ids: readonly string[]) =>
  ids.length > LISTED
    ? `${ids.slice(0, LISTED).join(', ')} and ${(ids.length - LISTED).toLocaleString('en')} more`
    : ids.join(', ')

/** "Everyone", "2 individuals: ana, bo", "Whoever: plan is pro and country is not DE, from 1 Jan 2027, 00:00 UTC" */
export function describeCohort({ given, ids }: Pick<Cohort, 'given' | 'ids'>): string {
  const [only] = given
  const asked = only && 'attribute' in only.question.about ? only.question.about.attribute : ''
  if (ids && given.length === 1 && asked === 'targetingKey') {
    return `${plural(ids.length, 'individual')}: ${names(ids)}`
  }
  const told = toldOnce(given)
  const said = told
    .filter((one) => !isTime(one) && !isImplied(one, told))
    .map(describeGiven)
    .filter(Boolean)
  const times = told.filter(isTime).map(describeGiven).join(' ')
  const shown = said.length > LISTED + 1 ? said.slice(0, LISTED) : said
  const more = said.length - shown.length
  const who = shown.length > 0 ? `Whoever: ${shown.join(' and ')}` : 'Everyone'
  return [who, more > 0 && `and ${more} more`, times].filter(Boolean).join(', ')
}
