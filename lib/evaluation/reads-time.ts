import { operators } from './operators'
import type { Condition, Flag, Segment } from './types'

/** Whether the rules of a flag, or the segments it reaches, ask what time it is. */
export function readsTime({ rules }: Flag, segments: readonly Segment[]): boolean {
  return (
    rules.some(({ from, until, when }) => from !== undefined || until !== undefined || asksTime(when)) ||
    segments.some(({ any }) => any.some(asksTime))
  )
}

function asksTime(condition: Condition): boolean {
  if ('attribute' in condition) return operators[condition.op].readsTime === true
  if ('all' in condition) return condition.all.some(asksTime)
  if ('any' in condition) return condition.any.some(asksTime)
  return 'not' in condition && asksTime(condition.not)
}
