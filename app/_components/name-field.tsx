'use client'
import { Field, TextInput } from '@/app/_ui/field'

/** The name of a thing, where a dialog begins. */
export function NameField({
  value,
  onChange,
  error,
  hint,
  placeholder,
  maxLength,
}: {
  value: string
  onChange: (name: string) => void
  error: string | undefined
  hint?: string
  placeholder?: string
  maxLength?: number
}) {
  return (
    <Field label="Name" error={error} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          autoFocus
          value={value}
          maxLength={maxLength}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
