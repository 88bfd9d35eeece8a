'use client'
import { useEffect, useRef, useState } from 'react'
import { FieldError, TextArea } from '@/app/_ui/field'
import { mentionsRegex } from '@/lib/evaluation'
import { loadRegex } from '@/lib/regex'
import { forgetText, keepText, keptText } from './kept-text'

const MOST_ROWS = 40 // more scrolls inside

/** What a text reads as, or why it does not. */
export type Reading<T> = { read: T } | { problem: string }

/** JSON that is `taken`, or why it is none. */
export function readJson<T>(text: string, take: (value: unknown) => Reading<T>): Reading<T> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: `This is not JSON yet: ${(error as Error).message}` }
  }
  return take(value)
}

/** Something as text. What does not read yet stays here, and blocks the review. */
export function JsonText<T>({
  label,
  value,
  hint,
  keptAs,
  read,
  onChange,
  onBlocked,
}: {
  label: string
  /** What the text begins as. */
  value: T
  hint?: string
  /** Under which name the tab keeps what does not read. */
  keptAs?: string
  read: (text: string) => Reading<T>
  onChange: (value: T) => void
  onBlocked: (problem: string | null) => void
}) {
  const [text, setText] = useState(() => (keptAs && keptText(keptAs)) ?? JSON.stringify(value, null, 2))
  const [problem, setProblem] = useState<string | null>(null)
  const latest = useRef(text)
  const take = (next: string) => {
    const reading = read(next)
    const found = 'problem' in reading ? reading.problem : null
    setProblem(found)
    onBlocked(found && 'The JSON does not read yet')
    if (keptAs && found !== null) keepText(keptAs, next)
    if (keptAs && found === null) forgetText(keptAs)
    if ('read' in reading) onChange(reading.read)
  }
  const type = (next: string) => {
    setText(next)
    latest.current = next
    if (!mentionsRegex(next)) return take(next)
    const settle = () => latest.current === next && take(next)
    loadRegex().then(settle, settle)
  }
  const begin = useRef(() => type(text))
  useEffect(() => {
    if (keptAs && keptText(keptAs) !== null) begin.current()
  }, [keptAs])
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        rows={Math.min(MOST_ROWS, text.split('\n').length + 1)}
        value={text}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        className="font-mono text-sm!"
      />
      {problem && <FieldError>{problem}</FieldError>}
      {hint && <p className="text-ink-3 text-sm">{hint}</p>}
    </div>
  )
}
