import { describeCondition } from '@/lib/describe'
import type { JsonValue, Trace, TraceStep } from '@/lib/evaluation/types'

/** One line of the targeting and what became of it. `place` is a rule's id, or the name of another line. */
export type TraceLine = {
  place: 'flag' | 'offVariant' | 'prerequisites' | 'targets' | 'fallthrough' | (string & {})
  label: string
  decided: boolean
  text: string
}

type Step<K extends TraceStep['step']> = Extract<TraceStep, { step: K }>
type Question = Step<'condition'> | Step<'segment'>

/** One flag on the way: the flag asked for, or one that it needs. */
type Frame = {
  lines: TraceLine[]
  /** What was asked since the last line. */
  details: TraceStep[]
  /** Why it serves nothing of its own, where that is so. */
  fate: keyof typeof fates | null
  inFallthrough: boolean
}

const fates = {
  off: 'is off',
  killed: 'is killed',
  not_found: 'does not exist',
  malformed: 'is malformed',
} as const

const number = (value: number) => value.toLocaleString('en')

const shown = (value: JsonValue | undefined) =>
  value === undefined || value === null
    ? 'missing'
    : typeof value === 'string'
      ? `“${value}”`
      : JSON.stringify(value)

const isQuestion = (step: TraceStep): step is Question => step.step === 'condition' || step.step === 'segment'

function find<K extends TraceStep['step']>(steps: readonly TraceStep[], kind: K): Step<K> | undefined {
  return steps.findLast((step): step is Step<K> => step.step === kind)
}

/** "plan is one of pro, team": what the rule says. */
function asked(question: Question): string {
  if (question.step === 'segment')
    return describeCondition({ segment: question.segment, negate: question.negate })
  const { attribute, op, values, negate } = question
  return describeCondition({ attribute, op, values, negate })
}

/** "plan is one of pro, team? plan is “free”": what the rule says, and what is so instead. */
function refuted(question: Question): string {
  if (question.step === 'segment') return `${question.negate ? 'in' : 'not in'} segment ${question.segment}`
  return `${asked(question)}? ${question.attribute} is ${shown(question.actual)}`
}

/** "bucket 41,203 of 100,000 is outside the first 25,000" */
function bucketIn(details: readonly TraceStep[]): string | null {
  const rollout = find(details, 'rollout')
  if (rollout?.bucket === undefined) return null
  const side = rollout.inside ? 'inside' : 'outside'
  return `bucket ${number(rollout.bucket)} of 100,000 is ${side} the first ${number(rollout.share)}`
}

/** "bucket 57,310 of the split falls to red" */
function splitIn(details: readonly TraceStep[]): string | null {
  const split = find(details, 'split')
  return split?.bucket === undefined
    ? null
    : `bucket ${number(split.bucket)} of the split falls to ${split.variant}`
}

const missingKey = (details: readonly TraceStep[]) =>
  `the context has no ${find(details, 'rollout')?.by ?? 'key'} to count by`

/** The parts of a sentence about a rule that matched: its conditions, then what its rollout said. */
function matched(details: readonly TraceStep[], ...parts: (string | null)[]): string {
  const held = details.filter(isQuestion).filter(({ holds }) => holds)
  const said = [...new Set(held.map(asked)), ...parts].filter((part) => part !== null)
  return said.length === 0 ? 'matched' : `matched: ${said.join('; ')}`
}

/** The last question answered with no is the one that the rule failed on; without any, a "not" turned a yes round. */
function notMatched(details: readonly TraceStep[]): string {
  const questions = details.filter(isQuestion)
  const failed = questions.findLast(({ holds }) => !holds)
  const reversed = questions.at(-1)
  if (failed) return `did not match: ${refuted(failed)}`
  return reversed ? `did not match: not (${asked(reversed)})? it is so` : 'did not match'
}

const ASKED_NEXT = 'so the next rule was asked'

const outcomes: Readonly<Record<Step<'rule'>['outcome'], (details: readonly TraceStep[]) => string>> = {
  matched: (details) => matched(details, bucketIn(details), splitIn(details)),
  not_matched: notMatched,
  outside_window: () => 'was not asked: its window is closed at this time',
  outside_share: (details) => {
    const bucket = bucketIn(details) ?? 'its share is empty'
    return matched(details, `${bucket}, ${ASKED_NEXT}`)
  },
  bucketing_attribute_missing: (details) => matched(details, `${missingKey(details)}, ${ASKED_NEXT}`),
}

function fallthroughText(details: readonly TraceStep[]): string {
  const rollout = find(details, 'rollout')
  const isServed = rollout?.inside ? find(details, 'split') !== undefined : rollout?.share === 0
  if (rollout && rollout.key === undefined && !isServed) return missingKey(details)
  return [bucketIn(details), splitIn(details)].filter(Boolean).join('; ') || 'no line above decided'
}

function prerequisiteText({ prerequisite, wanted, served, holds }: Step<'prerequisite'>, needed: Frame) {
  const wish = `${prerequisite} must serve ${wanted.join(' or ')}`
  if (holds) return `${wish}: it serves ${served}`
  if (needed.fate) return `${wish}: it ${fates[needed.fate]}`
  return `${wish}: it serves ${served ?? 'the default in the code'}`
}

const newFrame = (): Frame => ({ lines: [], details: [], fate: null, inFallthrough: false })

type Readers = { readonly [K in TraceStep['step']]: (step: Step<K>, frames: Frame[]) => void }

const keep = (step: TraceStep, frames: Frame[]) => frames.at(-1)?.details.push(step)

const readers: Readers = {
  flag: ({ flag, outcome }, frames) => {
    const frame = newFrame()
    frames.push(frame)
    if (outcome === 'found') return
    frame.fate = outcome
    frame.lines.push({ place: 'flag', label: 'Flag', decided: true, text: `${flag} ${fates[outcome]}` })
  },
  off: ({ killed }, frames) => {
    const frame = frames.at(-1)!
    frame.fate = killed ? 'killed' : 'off'
    frame.lines.push({ place: 'offVariant', label: 'State', decided: true, text: frame.fate })
  },
  prerequisite: (step, frames) => {
    const text = prerequisiteText(step, frames.pop()!)
    frames.at(-1)!.lines.push({ place: 'prerequisites', label: 'Needs', decided: !step.holds, text })
  },
  target: ({ by, holds }, frames) => {
    if (!holds) return
    const text = by === 'targetingKey' ? 'named individually' : `named individually by ${by}`
    frames.at(-1)!.lines.push({ place: 'targets', label: 'Always', decided: true, text })
  },
  rule: ({ id, name, index, outcome }, frames) => {
    const frame = frames.at(-1)!
    const text = outcomes[outcome](frame.details)
    frame.lines.push({ place: id, label: name ?? `Rule ${index + 1}`, decided: outcome === 'matched', text })
    frame.details = []
  },
  fallthrough: (_, frames) => {
    frames.at(-1)!.inFallthrough = true
  },
  condition: keep,
  segment: keep,
  rollout: keep,
  split: keep,
}

/** What the engine asked and answered, line by line, in the order of the targeting. */
export function describeTrace(trace: Trace): TraceLine[] {
  const frames: Frame[] = []
  for (const step of trace) (readers[step.step] as (step: TraceStep, frames: Frame[]) => void)(step, frames)
  const [frame] = frames
  if (!frame) return []
  if (!frame.inFallthrough) return frame.lines
  const text = fallthroughText(frame.details)
  return [...frame.lines, { place: 'fallthrough', label: 'Otherwise', decided: true, text }]
}
