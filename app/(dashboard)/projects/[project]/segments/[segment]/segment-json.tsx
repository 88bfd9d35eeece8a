'use client'
import { useRef, useState } from 'react'
import { FieldError, TextArea } from '@/app/_ui/field'
import type { SegmentBody } from '@/lib/control/views'
import { mentionsRegex, parseConfig } from '@/lib/evaluation'
import type { Condition } from '@/lib/evaluation/types'
import { loadRegex } from '@/lib/regex'

const EMPTY = { by: 'targetingKey', included: [], excluded: [], any: [] }
const PROBE = { on: true, type: 'boolean', variants: { on: true }, offVariant: 'on', version: 1, salt: 'x' }

/** Read by the very parser that providers run, through a flag that asks for the segment. */
function read(
  text: string,
  key: string,
  others: readonly string[],
): { any: Condition[] } | { problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: `This is not JSON yet: ${(error as Error).message}` }
  }
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
  return fault === undefined ? { any: value as Condition[] } : { problem: fault }
}

/** The conditions as text, for those that nest. What does not read yet stays here, and blocks the review. */
export function SegmentJson({
  segment,
  others,
  body,
  onChange,
  onBlocked,
}: {
  segment: string
  others: readonly string[]
  body: SegmentBody
  onChange: (body: SegmentBody) => void
  onBlocked: (problem: string | null) => void
}) {
  const [text, setText] = useState(() => JSON.stringify(body.any, null, 2))
  const [problem, setProblem] = useState<string | null>(null)
  const latest = useRef(text)
  const take = (next: string) => {
    const result = read(next, segment, others)
    const found = 'problem' in result ? result.problem : null
    setProblem(found)
    onBlocked(found && 'The JSON does not read yet')
    if ('any' in result) onChange({ ...body, any: result.any })
  }
  const type = (next: string) => {
    setText(next)
    latest.current = next
    if (!mentionsRegex(next)) return take(next)
    const settle = () => latest.current === next && take(next)
    loadRegex().then(settle, settle)
  }
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        aria-label="Conditions as JSON"
        aria-invalid={problem ? true : undefined}
        rows={Math.min(40, text.split('\n').length + 1)}
        value={text}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        className="font-mono text-sm!"
      />
      {problem && <FieldError>{problem}</FieldError>}
      <p className="text-ink-3 text-sm">The conditions alone: lists are under Sentences.</p>
    </div>
  )
}
