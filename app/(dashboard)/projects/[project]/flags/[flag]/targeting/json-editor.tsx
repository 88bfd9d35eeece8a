'use client'
import { useEffect, useRef, useState } from 'react'
import { FieldError, TextArea } from '@/app/_ui/field'
import type { FlagView, Targeting } from '@/lib/control/views'
import { mentionsRegex, parseConfig } from '@/lib/evaluation'
import { loadRegex } from '@/lib/regex'
import { forgetText, keepText, keptText } from './kept-text'

const format = (targeting: Targeting) => JSON.stringify(targeting, null, 2)

const EMPTY_SEGMENT = { by: 'targetingKey', included: [], excluded: [], any: [] }

/** Read by the very parser that providers run: what it takes over, the editor can show. */
function read(
  text: string,
  { key, type, variants }: FlagView,
  segments: readonly string[],
): { targeting: Targeting } | { problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: `This is not JSON yet: ${(error as Error).message}` }
  }
  const flag = { ...(value as object), type, variants, version: 1, salt: key }
  const known = Object.fromEntries(segments.map((segment) => [segment, EMPTY_SEGMENT]))
  const envelope = { schema: 1, flagSetId: 'a/b', id: '1.1.00000000', killed: [], killedAt: '1.1.00000000' }
  const parsed = parseConfig({ ...envelope, flags: { [key]: flag }, segments: known })
  if (!parsed.ok) return { problem: parsed.error }
  const fault = parsed.config.malformed()[key]
  if (fault !== undefined) return { problem: fault }
  const { on, offVariant, prerequisites, targets, rules, fallthrough } = value as Targeting
  return { targeting: { on, offVariant, prerequisites, targets, rules, fallthrough } }
}

/** The whole targeting as text. What does not read yet stays here, and blocks the review. */
export function JsonEditor({
  flag,
  segments,
  targeting,
  keptAs,
  onChange,
  onBlocked,
}: {
  flag: FlagView
  segments: readonly string[]
  targeting: Targeting
  /** Under which name the tab keeps what does not read. */
  keptAs: string
  onChange: (targeting: Targeting) => void
  onBlocked: (problem: string | null) => void
}) {
  const [text, setText] = useState(() => keptText(keptAs) ?? format(targeting))
  const [problem, setProblem] = useState<string | null>(null)
  const latest = useRef(text)
  const take = (next: string) => {
    const result = read(next, flag, segments)
    const found = 'problem' in result ? result.problem : null
    setProblem(found)
    onBlocked(found && 'The JSON does not read yet')
    if ('problem' in result) return keepText(keptAs, next)
    forgetText(keptAs)
    onChange(result.targeting)
  }
  const type = (next: string) => {
    setText(next)
    latest.current = next
    if (!mentionsRegex(next)) return take(next)
    const settle = () => latest.current === next && take(next)
    loadRegex().then(settle, settle)
  }
  const begin = useRef(() => type(text))
  useEffect(() => begin.current(), [])
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        aria-label="Targeting as JSON"
        aria-invalid={problem ? true : undefined}
        rows={Math.min(40, text.split('\n').length + 1)}
        value={text}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        className="font-mono text-sm!"
      />
      {problem && <FieldError>{problem}</FieldError>}
    </div>
  )
}
