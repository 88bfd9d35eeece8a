'use client'
import { Plus, X } from 'lucide-react'
import { Swatch } from '@/app/_components/variant'
import { Button, IconButton } from '@/app/_ui/button'
import { FieldError, TextArea, TextInput } from '@/app/_ui/field'
import { Select } from '@/app/_ui/select'
import type { FlagType } from '@/lib/evaluation/types'
import { newRow, type VariantRow } from './variants'

type Props = {
  type: FlagType
  rows: VariantRow[]
  onChange: (rows: VariantRow[]) => void
  /** By row id. */
  problems: Record<string, string>
  error?: string | undefined
}

const booleans = [
  { value: 'true', label: 'true' },
  { value: 'false', label: 'false' },
] as const

function Value({
  type,
  row,
  onChange,
}: {
  type: FlagType
  row: VariantRow
  onChange: (text: string) => void
}) {
  const label = `Value of ${row.name || 'the new variant'}`
  if (type === 'boolean')
    return <Select label={label} value={row.text} choices={booleans} onChange={onChange} />
  const Control = type === 'object' ? TextArea : TextInput
  return (
    <Control
      aria-label={label}
      className="font-mono"
      inputMode={type === 'number' ? 'decimal' : undefined}
      value={row.text}
      onChange={(event: { target: { value: string } }) => onChange(event.target.value)}
    />
  )
}

export function VariantsEditor({ type, rows, onChange, problems, error }: Props) {
  const names = rows.map((row) => row.name)
  const set = (id: string, change: Partial<VariantRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">Variants</legend>
      {rows.map((row) => (
        <div key={row.id}>
          <div className="flex items-start gap-2">
            <span className="flex h-8 items-center">
              <Swatch variants={names} variant={row.name} />
            </span>
            <div className="w-40 shrink-0">
              <TextInput
                aria-label="Variant name"
                aria-invalid={row.id in problems || undefined}
                value={row.name}
                onChange={(event) => set(row.id, { name: event.target.value })}
              />
            </div>
            <div className="min-w-0 flex-1">
              <Value type={type} row={row} onChange={(text) => set(row.id, { text })} />
            </div>
            <IconButton
              label={`Remove variant ${row.name}`}
              disabledReason={rows.length === 1 && 'A flag needs at least one variant'}
              onClick={() => onChange(rows.filter((other) => other.id !== row.id))}
            >
              <X size={16} aria-hidden />
            </IconButton>
          </div>
          {problems[row.id] && (
            <div className="mt-1 ml-4.5">
              <FieldError>{problems[row.id]}</FieldError>
            </div>
          )}
        </div>
      ))}
      {error && <FieldError>{error}</FieldError>}
      <div>
        <Button
          size="sm"
          look="ghost"
          onClick={() =>
            onChange([...rows, newRow('', type === 'boolean' ? 'true' : type === 'object' ? '{}' : '')])
          }
        >
          <Plus size={14} aria-hidden /> Add variant
        </Button>
      </div>
    </fieldset>
  )
}
