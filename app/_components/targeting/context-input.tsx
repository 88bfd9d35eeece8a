'use client'
import { Field, TextArea } from '@/app/_ui/field'
import type { Condition, EvaluationContext } from '@/lib/evaluation/types'
import { leavesOf } from './conditions'

/** Somebody to begin with: every attribute that conditions ask for has its place. */
export function startingContext(conditions: readonly Condition[]): string {
  const names = conditions
    .flatMap(leavesOf)
    .flatMap((leaf) => ('attribute' in leaf && !leaf.attribute.includes('.') ? [leaf.attribute] : []))
  const blanks = Object.fromEntries(names.filter(Boolean).map((name) => [name, '']))
  return JSON.stringify({ ...blanks, targetingKey: 'user-1' }, null, 2)
}

/** Null: this is no JSON object yet. */
export function readContext(text: string): EvaluationContext | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as EvaluationContext)
      : null
  } catch {
    return null
  }
}

/** An evaluation context as JSON, to try something with. */
export function ContextInput({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  return (
    <Field label="Evaluation context" error={readContext(text) ? undefined : 'This is not a JSON object yet'}>
      {(control) => (
        <TextArea
          {...control}
          rows={Math.min(12, text.split('\n').length + 1)}
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          className="font-mono text-sm!"
        />
      )}
    </Field>
  )
}
