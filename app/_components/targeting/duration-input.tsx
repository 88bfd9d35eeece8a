'use client'
import { useState } from 'react'
import { cx } from '@/app/_ui/cx'
import { inputClass } from '@/app/_ui/field'
import { Select } from '@/app/_ui/select'

const units = [
  { value: 's', label: 'seconds' },
  { value: 'm', label: 'minutes' },
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
  { value: 'w', label: 'weeks' },
] as const

type Unit = (typeof units)[number]['value']

/** Writes "7d": a number of units. */
export function DurationInput({
  label,
  value,
  onChange,
  invalid,
}: {
  label: string
  value: string
  /** Empty while there is no number. */
  onChange: (value: string) => void
  invalid: boolean
}) {
  const [, number = '', written] = /^(\d*)([smhdw])$/.exec(value) ?? []
  const [unit, setUnit] = useState<Unit>((written as Unit | undefined) ?? 'd')
  const write = (number: string, unit: Unit) => onChange(number === '' ? '' : `${number}${unit}`)
  return (
    <>
      <input
        aria-label={label}
        aria-invalid={invalid || undefined}
        inputMode="numeric"
        placeholder="number"
        value={number}
        onChange={(event) => write(event.target.value.replace(/\D/g, '').replace(/^0+/, ''), unit)}
        className={cx(inputClass, 'h-7 w-20! px-2')}
      />
      <Select
        label={`${label}, unit`}
        size="sm"
        value={unit}
        choices={units}
        onChange={(next) => {
          setUnit(next)
          write(number, next)
        }}
      />
    </>
  )
}
