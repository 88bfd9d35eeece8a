import type { Rule } from '@/lib/evaluation/types'

type Window = Pick<Rule, 'from' | 'until'>

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d:\d\d)(:\d\d)?(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** "+05:30" -> "UTC+5:30" */
function describeOffset(offset: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? []
  if (Number(hours ?? 0) === 0 && Number(minutes ?? 0) === 0) return 'UTC'
  return `UTC${sign === '-' ? '−' : '+'}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`
}

/** "2026-12-01T09:00:00+01:00" -> "1 Dec 2026, 09:00 UTC+1": in the zone that it is written in, the same for everybody. */
export function describeInstant(text: string): string {
  const [, year, month, day, time, seconds, offset] = RFC_3339.exec(text) ?? []
  if (offset === undefined) return text
  const exact = seconds === undefined || seconds === ':00' ? '' : seconds
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}, ${time}${exact} ${describeOffset(offset)}`
}

/** "from 1 Dec 2026, 09:00 UTC until ..."; empty: at any time. */
export const describeWindow = ({ from, until }: Window): string =>
  [from && `from ${describeInstant(from)}`, until && `until ${describeInstant(until)}`]
    .filter(Boolean)
    .join(' ')

export type WindowState = 'not yet' | 'running' | 'over'

/** Where now stands; null: the rule holds at any time. The same bounds as in the engine: `from <= now < until`. */
export function windowState({ from, until }: Window, now: number): WindowState | null {
  if (!from && !until) return null
  if (until && Date.parse(until) <= now) return 'over'
  return from && now < Date.parse(from) ? 'not yet' : 'running'
}

/** Why a window cannot hold, or null. */
export function windowProblem({ from, until }: Window): string | null {
  if (!from || !until || Date.parse(from) < Date.parse(until)) return null
  return 'a rule must end after it starts: choose a later end, or an earlier start'
}
