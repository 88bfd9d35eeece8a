import type { SegmentBody } from '@/lib/control/views'
import { evaluate, parseConfig } from '@/lib/evaluation'
import type { Condition, EvaluationContext, Segment } from '@/lib/evaluation/types'

export type Membership = { inside: boolean; because: string } | { problem: string }

const ID = '1.1.00000000'

/** A flag that serves true where a condition holds. */
const asking = (when: Condition) => ({
  type: 'boolean',
  version: 1,
  on: true,
  variants: { yes: true, no: false },
  offVariant: 'no',
  salt: 'probe',
  rules: [{ id: 'r', when, serve: { variant: 'yes' } }],
  fallthrough: { variant: 'no' },
})

/** Whether somebody is in a segment, decided by the engine that providers run, and what decides it. */
export function membershipOf(
  key: string,
  { by, included, excluded, any }: SegmentBody,
  others: Readonly<Record<string, Segment>>,
  context: EvaluationContext,
  now: number,
): Membership {
  const conditions = any.map((condition, i) => [`condition-${i}`, asking(condition)] as const)
  const parsed = parseConfig({
    schema: 1,
    flagSetId: 'draft/draft',
    id: ID,
    killed: [],
    killedAt: ID,
    flags: structuredClone({ whole: asking({ segment: key }), ...Object.fromEntries(conditions) }),
    segments: structuredClone({ ...others, [key]: { by, included, excluded, any } }),
  })
  if (!parsed.ok) return { problem: parsed.error }
  const { config } = parsed
  const [fault] = Object.values(config.malformed())
  if (fault !== undefined) return { problem: fault }
  const holds = (flag: string) => evaluate(config, flag, context, now).value === true
  const id = String(context[by] ?? '')
  if (holds('whole')) {
    const met = conditions.findIndex(([flag]) => holds(flag))
    const listed = included.includes(id)
    return { inside: true, because: listed ? `${by} ${id} is in the list` : `condition ${met + 1} holds` }
  }
  return {
    inside: false,
    because: excluded.includes(id) ? `${by} ${id} is excluded` : 'no list has it, and no condition holds',
  }
}
