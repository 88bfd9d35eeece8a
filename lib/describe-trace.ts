import { describeCondition } from '@/lib/describe'
import type { JsonValue, Trace, TraceStep } from '@/lib/evaluation/types'

/** One line of the targeting and what became of it. `place` is a rule's id, or the name of another line. */
export type TraceLine = {
  place: 'offVariant' | 'prerequisites' | 'targets' | 'fallthrough' | (string & {})
  label: string
  decided: boolean
  text: string
}

type Step<K extends TraceStep['step']> = Extract<TraceStep, { step: K }>

const number = (value: number) => value.toLocaleString('en')

const shown = (value: JsonValue | undefined) =>
  value === undefined || value === null
    ? 'missing'
    : typeof value === 'string'
      ? `“${value}”`
      : JSON.stringify(value)

function because(step: Step<'condition'> | Step<'segment'>): string {
  if (step.step === 'segment')
    return step.negate ? `in segment ${step.segment}` : `not in segment ${step.segment}`
  const { attribute, op, values, negate, actual } = step
  return `${describeCondition({ attribute, op, values, negate })}? ${attribute} is ${shown(actual)}`
}

/** "bucket 41,203 of 100,000 is outside the first 25,000" */
function bucketOf(steps: Trace): string | null {
  const rollout = steps.findLast((step) => step.step === 'rollout')
  if (rollout?.bucket === undefined) return null
  const side = rollout.inside ? 'inside' : 'outside'
  return `bucket ${number(rollout.bucket)} of 100,000 is ${side} the first ${number(rollout.share)}`
}

/** The last question answered with no is the one that the rule failed on. */
const failure = (steps: Trace) =>
  steps.findLast(
    (step): step is Step<'condition'> | Step<'segment'> =>
      (step.step === 'condition' || step.step === 'segment') && !step.holds,
  )

const outcomes: Record<Step<'rule'>['outcome'], (steps: Trace) => string> = {
  matched: (steps) => ['matches', bucketOf(steps)].filter(Boolean).join(': '),
  not_matched: (steps) => {
    const failed = failure(steps)
    return failed ? `does not match: ${because(failed)}` : 'does not match'
  },
  outside_window: () => 'does not hold at this time',
  outside_share: (steps) =>
    ['matches, but the next line is asked', bucketOf(steps)].filter(Boolean).join(': '),
  bucketing_attribute_missing: (steps) => {
    const rollout = steps.findLast((step) => step.step === 'rollout')
    return `matches, but the context has no ${rollout?.by ?? 'key'} to count by`
  },
}

/** What the engine asked and answered, line by line, in the order of the targeting. */
export function describeTrace(trace: Trace): TraceLine[] {
  const lines: TraceLine[] = []
  let since: Trace = []
  let named = false
  for (const [index, step] of trace.entries()) {
    if (step.step === 'off')
      lines.push({ place: 'offVariant', label: 'State', decided: true, text: step.killed ? 'killed' : 'off' })
    else if (step.step === 'target') named ||= step.holds
    else if (step.step === 'rule') {
      const text = outcomes[step.outcome](since)
      const label = step.name ?? `Rule ${step.index + 1}`
      lines.push({ place: step.id, label, decided: step.outcome === 'matched', text })
      since = []
    } else if (step.step === 'fallthrough') {
      const text = bucketOf(trace.slice(index)) ?? 'no line above decided'
      lines.push({ place: 'fallthrough', label: 'Otherwise', decided: true, text })
    } else since.push(step)
  }
  if (named) lines.push({ place: 'targets', label: 'Always', decided: true, text: 'named individually' })
  return lines
}
