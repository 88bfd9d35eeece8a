'use client'
import { type KeyboardEvent, useState } from 'react'
import { cx } from './cx'
import { inputClass } from './field'

const STEPS = 1_000 // a value of 1 is 0.001 %
const WHOLE = 100 * STEPS

type Props = {
  label: string
  /** In steps of 0.001 %: 25000 is 25 %. */
  value: number
  onChange: (value: number) => void
  invalid?: boolean
  disabled?: boolean
}

const clamp = (value: number) => Math.min(WHOLE, Math.max(0, Math.round(value)))

/** `12.5`, `12,5` and `12.5 %` all read as 12500; null: not a percentage. */
export function parsePercent(text: string): number | null {
  const cleaned = text.replace('%', '').replace(',', '.').trim()
  const value = Number(cleaned)
  return cleaned === '' || !Number.isFinite(value) || value < 0 || value > 100 ? null : clamp(value * STEPS)
}

const arrows: Record<string, number> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }

export function PercentInput({ label, value, onChange, invalid = false, disabled = false }: Props) {
  /** What was typed, for as long as nothing else moves the value. */
  const [written, setWritten] = useState<{ text: string; value: number } | null>(null)
  const typed = written?.value === value ? written.text : null
  const text = typed ?? String(value / STEPS)
  const type = (next: string) => {
    const parsed = parsePercent(next)
    setWritten({ text: next, value: parsed ?? value })
    if (parsed !== null) onChange(parsed)
  }
  const keyDown = (event: KeyboardEvent) => {
    const step = arrows[event.key]
    if (step === undefined) return
    event.preventDefault()
    setWritten(null)
    onChange(clamp(value + step * (event.altKey ? 1 : STEPS)))
  }
  const wrong = typed !== null && parsePercent(typed) === null
  return (
    <span className="relative inline-flex items-center">
      <input
        role="spinbutton"
        aria-label={label}
        aria-valuenow={value / STEPS}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={`${value / STEPS} percent`}
        aria-invalid={wrong || invalid || undefined}
        inputMode="decimal"
        value={text}
        disabled={disabled}
        onChange={(event) => type(event.target.value)}
        onKeyDown={keyDown}
        onBlur={() => !wrong && setWritten(null)}
        size={6}
        className={cx(inputClass, 'h-7 w-20! pr-6 text-right')}
      />
      <span aria-hidden className="pointer-events-none absolute left-15 text-ink-3">
        %
      </span>
      {wrong && (
        <span role="alert" className="ml-2 font-medium text-problem text-sm">
          Write 0 to 100: it stays at {value / STEPS} %
        </span>
      )}
    </span>
  )
}
