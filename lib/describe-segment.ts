import type { SegmentBody } from '@/lib/control/views'
import { describeCondition } from './describe'
import type { Change } from './describe-changes'
import { plural } from './plural'
import { sequenceDiff } from './sequence-diff'

const LISTED = 5 // names spelled out before "and 4 more"

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const names = (values: readonly string[]) =>
  values.length > LISTED
    ? `${values.slice(0, LISTED).join(', ')} and ${(values.length - LISTED).toLocaleString('en')} more`
    : values.join(', ')

/** What is in `a` and not in `b`. */
export function without(a: readonly string[], b: readonly string[]): string[] {
  const others = new Set(b)
  return a.filter((value) => !others.has(value))
}

function listChanges(before: readonly string[], after: readonly string[], verb: string): Change[] {
  const [gained, lost] = [without(after, before), without(before, after)]
  const changes: (Change | false)[] = [
    gained.length > 0 && { kind: 'added', text: `${verb} ${names(gained)}` },
    lost.length > 0 && { kind: 'removed', text: `No longer ${verb.toLowerCase()} ${names(lost)}` },
  ]
  return changes.filter((change) => change !== false)
}

function conditionChanges({ any: before }: SegmentBody, { any: after }: SegmentBody): Change[] {
  const texts = (body: SegmentBody['any']) => body.map(describeCondition)
  const steps = sequenceDiff(texts(before), texts(after))
  return steps.flatMap(({ kind, item }, at): Change[] => {
    const [last, next] = [steps[at - 1], steps[at + 1]]
    if (kind === 'same' || (kind === 'added' && last?.kind === 'removed')) return []
    if (kind === 'added') return [{ kind, text: `Includes whoever: ${item}` }]
    // One that goes where another comes was edited: who is in it all the same does not leave.
    return next?.kind === 'added'
      ? [{ kind: 'changed', text: `Includes whoever: ${next.item} (was: ${item})` }]
      : [{ kind, text: `No longer includes whoever: ${item}` }]
  })
}

/** What one segment says that another did not, as sentences that read the same before and after saving. */
export function describeSegmentChanges(before: SegmentBody, after: SegmentBody): Change[] {
  const renamed: Change[] =
    before.name === after.name
      ? []
      : [{ kind: 'changed', text: `Named “${after.name}” (was “${before.name}”)` }]
  const keyed: Change[] =
    before.by === after.by
      ? []
      : [{ kind: 'changed', text: `Its lists hold values of ${after.by} (were of ${before.by})` }]
  const said = [
    ...renamed,
    ...keyed,
    ...listChanges(before.included, after.included, 'Includes'),
    ...listChanges(before.excluded, after.excluded, 'Excludes'),
    ...conditionChanges(before, after),
  ]
  if (said.length > 0 || same(before.any, after.any)) return said
  return [{ kind: 'changed', text: 'Conditions are written differently' }]
}

const capital = (text: string) => text.replace(/^./, (first) => first.toUpperCase())

/** "2 individuals, and whoever: plan is pro; never 1 individual": who is in a segment. */
export function describeSegment({
  by,
  includedCount,
  excludedCount,
  any,
}: Pick<SegmentBody, 'by' | 'any'> & { includedCount: number; excludedCount: number }): string {
  const listed = (count: number) =>
    by === 'targetingKey' ? plural(count, 'individual') : `${plural(count, 'value')} of ${by}`
  const parts = [
    includedCount > 0 && listed(includedCount),
    any.length > 0 && `whoever: ${any.slice(0, 2).map(describeCondition).join('; or ')}`,
    any.length > 2 && `${plural(any.length - 2, 'more condition')}`,
  ].filter(Boolean)
  const within = parts.length === 0 ? 'Nobody yet' : capital(parts.join(', and '))
  return excludedCount > 0 ? `${within}; never ${listed(excludedCount)}` : within
}
