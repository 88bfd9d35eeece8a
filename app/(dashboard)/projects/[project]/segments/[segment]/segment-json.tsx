'use client'
import { JsonText, type Reading, readJson } from '@/app/_components/json-text'
import type { SegmentBody } from '@/lib/control/views'
import { parseConfig } from '@/lib/evaluation'
import type { Condition } from '@/lib/evaluation/types'

const EMPTY = { by: 'targetingKey', included: [], excluded: [], any: [] }
const PROBE = { on: true, type: 'boolean', variants: { on: true }, offVariant: 'on', version: 1, salt: 'x' }

/** Read by the very parser that providers run, through a flag that asks for the segment. */
function take(value: unknown, key: string, others: readonly string[]): Reading<Condition[]> {
  if (!Array.isArray(value)) return { problem: 'Write a list of conditions: [ … ]' }
  const known = Object.fromEntries(others.map((other) => [other, EMPTY]))
  const parsed = parseConfig({
    schema: 1,
    flagSetId: 'a/b',
    id: '1.1.00000000',
    killed: [],
    killedAt: '1.1.00000000',
    flags: {
      probe: {
        ...PROBE,
        rules: [{ id: 'r', when: { segment: key }, serve: { variant: 'on' } }],
        fallthrough: { variant: 'on' },
      },
    },
    segments: { ...known, [key]: { ...EMPTY, any: structuredClone(value) } },
  })
  if (!parsed.ok) return { problem: parsed.error }
  const fault = parsed.config.malformed().probe
  return fault === undefined ? { read: value as Condition[] } : { problem: fault }
}

/** The conditions as text, for those that nest. */
export function SegmentJson({
  segment,
  others,
  body,
  keptAs,
  onChange,
  onBlocked,
}: {
  segment: string
  others: readonly string[]
  body: SegmentBody
  keptAs: string
  onChange: (body: SegmentBody) => void
  onBlocked: (problem: string | null) => void
}) {
  return (
    <JsonText
      label="Conditions as JSON"
      value={body.any}
      keptAs={keptAs}
      hint="The conditions alone: lists are under Sentences."
      read={(text) => readJson(text, (value) => take(value, segment, others))}
      onChange={(any) => onChange({ ...body, any })}
      onBlocked={onBlocked}
    />
  )
}
