'use client'
import { MessageSquareText } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Line } from '@/app/_components/targeting/line'
import type { FieldProblem } from '@/lib/api-client'

/** Why a rule is there, for people: no application reads it. */
export function CommentLine({
  place,
  comment,
  asked,
  problems,
  onChange,
  onLeave,
}: {
  place: number
  comment: string
  /** Somebody has just asked to write here: each time another number, 0 never. */
  asked: number
  problems: readonly FieldProblem[]
  onChange: (comment: string) => void
  onLeave: () => void
}) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (asked > 0) field.current?.focus()
  }, [asked])
  return (
    <Line problems={problems}>
      <MessageSquareText size={14} aria-hidden className="mt-1.5 shrink-0 self-start text-ink-3 sm:-ml-5.5" />
      <textarea
        ref={field}
        aria-label={`Comment on rule ${place}`}
        placeholder="Why this rule is here; applications do not see it"
        rows={1}
        maxLength={2_000}
        value={comment}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onLeave}
        className="field-sizing-content -ml-1.5 min-h-7 min-w-0 flex-1 resize-none rounded-md border border-transparent bg-transparent px-1.5 py-0.5 text-ink-2 transition-colors hover:border-line-strong focus:border-accent"
      />
    </Line>
  )
}
