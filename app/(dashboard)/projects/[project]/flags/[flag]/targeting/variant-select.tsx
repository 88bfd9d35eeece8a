'use client'
import { Swatch } from '@/app/_components/variant'
import { type Choice, Select } from '@/app/_ui/select'

/** Chooses a variant; `extra` choices are other ways to serve. */
export function VariantSelect<T extends string = never>({
  label,
  value,
  variants,
  extra = [],
  onChange,
  invalid = false,
}: {
  label: string
  value: string
  variants: readonly string[]
  extra?: readonly Choice<T>[]
  onChange: (value: string | T) => void
  invalid?: boolean
}) {
  const choices = variants.map((variant) => ({
    value: variant,
    label: variant,
    mark: <Swatch variants={variants} variant={variant} />,
  }))
  return (
    <Select<string>
      label={label}
      size="sm"
      value={value}
      choices={[...choices, ...extra]}
      onChange={onChange}
      invalid={invalid}
    />
  )
}
