'use client'
import { Select } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import { Swatch } from '@/app/_components/variant'
import { itemClass, popupClass } from '@/app/_ui/menu'

/** Some of the variants of a flag: "[on or off]". */
export function VariantsSelect({
  label,
  value,
  variants,
  invalid,
  onChange,
}: {
  label: string
  value: readonly string[]
  variants: readonly string[]
  invalid: boolean
  onChange: (value: string[]) => void
}) {
  const offered = [...variants, ...value.filter((variant) => !variants.includes(variant))]
  return (
    <Select.Root<string, true>
      multiple
      value={[...value]}
      onValueChange={(next) => onChange(offered.filter((variant) => next.includes(variant)))}
      modal={false}
    >
      <Select.Trigger
        aria-label={label}
        aria-invalid={invalid || undefined}
        className="inline-flex h-7 max-w-full select-none items-center gap-1.5 rounded-md border border-control bg-surface px-2 text-base transition-colors hover:border-ink-3 hover:bg-hover aria-invalid:border-problem aria-invalid:shadow-[inset_0_0_0_1px_var(--color-problem)]"
      >
        <Select.Value className="min-w-0 truncate">
          {value.length === 0 ? <span className="text-ink-3">choose variants</span> : value.join(' or ')}
        </Select.Value>
        <Select.Icon className="ml-auto text-ink-3">
          <ChevronDown size={14} aria-hidden />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner
          alignItemWithTrigger={false}
          sideOffset={4}
          align="start"
          className="z-50 outline-none"
        >
          <Select.Popup className={popupClass}>
            <Select.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto">
              {offered.map((variant) => (
                <Select.Item key={variant} value={variant} className={itemClass}>
                  <Swatch variants={variants} variant={variant} />
                  <Select.ItemText className="min-w-0 flex-1 truncate">{variant}</Select.ItemText>
                  <span className="w-4">
                    <Select.ItemIndicator>
                      <Check size={14} aria-hidden />
                    </Select.ItemIndicator>
                  </span>
                </Select.Item>
              ))}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}
