'use client'
import { useState } from 'react'
import { cx } from '@/app/_ui/cx'
import { inputClass } from '@/app/_ui/field'
import { TokenInput } from '@/app/_ui/token-input'
import type { AttributeCondition, JsonValue } from '@/lib/evaluation/types'
import { examples, otherReading, shapes } from './conditions'
import { DurationInput } from './duration-input'
import { removeAt, replaceAt } from './lists'

type Props = {
  condition: AttributeCondition
  onChange: (values: JsonValue[]) => void
  invalid: boolean
}

function NumberInput({
  label,
  value,
  onChange,
  invalid,
}: {
  label: string
  value: JsonValue | undefined
  /** A text that is no number is handed on as it was typed: what is wrong with it stands beside it. */
  onChange: (value: number | string) => void
  invalid: boolean
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const type = (text: string) => {
    setTyped(text)
    const number = Number(text)
    onChange(text.trim() !== '' && Number.isFinite(number) ? number : text.trim())
  }
  return (
    <input
      aria-label={label}
      aria-invalid={invalid || undefined}
      inputMode="decimal"
      size={8}
      placeholder="number"
      value={typed ?? (value === undefined ? '' : String(value))}
      onChange={(event) => type(event.target.value)}
      onBlur={() => setTyped(null)}
      className={cx(inputClass, 'h-7 w-24! px-2')}
    />
  )
}

/** A number and the text "42" are different values to a rule: where a value can be read both ways, the token says which. */
function Reading({ value, onSwitch }: { value: JsonValue; onSwitch: (value: JsonValue) => void }) {
  const other = otherReading(value)
  if (other === null) return null
  const kind = (of: JsonValue) => (typeof of === 'string' ? 'text' : typeof of)
  return (
    <button
      type="button"
      title={`Read as ${kind(other)} instead`}
      onClick={() => onSwitch(other)}
      className="rounded-sm bg-hover px-1 text-ink-2 text-xs hover:text-ink"
    >
      {kind(value)}
    </button>
  )
}

export function ValuesInput({ condition, onChange, invalid }: Props) {
  const { values, op, attribute } = condition
  const shape = shapes[op]
  const label = `Values of ${attribute || 'the attribute'}`
  if (shape === 'none') return null
  if (shape === 'number' || shape === 'range') {
    const set = (index: number, value: number | string) => {
      const ends = shape === 'number' ? [value] : replaceAt([values[0] ?? '', values[1] ?? ''], index, value)
      onChange(ends.every((end) => end === '') ? [] : ends)
    }
    return (
      <>
        <NumberInput label={label} value={values[0]} onChange={(value) => set(0, value)} invalid={invalid} />
        {shape === 'range' && (
          <>
            <span className="text-ink-2">and</span>
            <NumberInput
              label={`${label}, upper end`}
              value={values[1]}
              onChange={(value) => set(1, value)}
              invalid={invalid}
            />
          </>
        )}
      </>
    )
  }
  const single = values[0] === undefined ? '' : String(values[0])
  const setSingle = (text: string) => onChange(text === '' ? [] : [text])
  if (shape === 'duration')
    return <DurationInput label={label} value={single} onChange={setSingle} invalid={invalid} />
  if (shape === 'text') {
    const example = examples[op] ?? ''
    return (
      <input
        aria-label={label}
        aria-invalid={invalid || undefined}
        placeholder={example}
        value={single}
        size={Math.max(single.length, example.length) + 1}
        spellCheck={false}
        onChange={(event) => setSingle(event.target.value.trim())}
        className={cx(inputClass, 'field-sizing-content h-7 w-auto! min-w-20 max-w-full px-2')}
      />
    )
  }
  const tokens = values.map((value, index) => ({
    id: `${index}:${JSON.stringify(value)}`,
    text: typeof value === 'string' ? value : JSON.stringify(value),
    extra: shape === 'any' && (
      <Reading value={value} onSwitch={(other) => onChange(replaceAt(values, index, other))} />
    ),
  }))
  return (
    <TokenInput
      label={label}
      placeholder={examples[op] ?? 'add values'}
      code={shape === 'patterns'}
      tokens={tokens}
      onAdd={(texts) => onChange([...new Set([...values, ...texts])])}
      onRemove={(index) => onChange(removeAt(values, index))}
      invalid={invalid}
    />
  )
}
