'use client'
import { useId } from 'react'
import { cx } from '@/app/_ui/cx'
import type { Part } from './parts'

/** One thing that both changed: how it was, and the two ways it could be. */
export function ClashChoice({
  part,
  them,
  theirs,
  onChoose,
}: {
  part: Part
  /** Whose the other change is. */
  them: string
  /** Theirs is chosen. */
  theirs: boolean
  onChoose: (theirs: boolean) => void
}) {
  const name = useId()
  const sides = [
    { label: them, text: part.theirs, chosen: theirs, isTheirs: true },
    { label: 'Yours', text: part.mine, chosen: !theirs, isTheirs: false },
  ]
  return (
    <fieldset className="min-w-0 rounded-lg border bg-canvas px-4 pt-2 pb-3">
      <legend className="px-1 font-medium text-ink text-sm">{part.name}: both of you changed it</legend>
      <p className="break-words text-sm">
        <span className="text-ink-3">It was: </span>
        {part.was}
      </p>
      <div className="mt-2 grid gap-2 sm:grid-cols-2">
        {sides.map(({ label, text, chosen, isTheirs }) => (
          <label
            key={label}
            className={cx(
              'flex min-w-0 cursor-pointer items-start gap-2.5 rounded-md border px-3 py-2 text-ink transition-colors hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent-ink has-focus-visible:outline-offset-2',
              chosen ? 'border-accent bg-accent-soft' : 'border-control bg-surface',
            )}
          >
            <input
              type="radio"
              name={name}
              checked={chosen}
              onChange={() => onChoose(isTheirs)}
              className="mt-0.5 size-4 shrink-0 accent-accent focus-visible:outline-none"
            />
            <span className="min-w-0">
              <span className="block font-medium text-sm">{label}</span>
              <span className="block break-words">{text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
