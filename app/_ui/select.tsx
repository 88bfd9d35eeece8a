'use client'
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx'
import { itemClass, popupClass } from './menu'

export type Choice<T extends string> = {
  value: T
  label: string
  /** Stands before the label, in the list and in the control. */
  mark?: ReactNode
  /** A hairline above: another kind of choice begins. */
  divided?: boolean
  /** Stands above the first of the choices that share it. */
  group?: string
}

type Props<T extends string> = {
  label: string
  value: T
  choices: readonly Choice<T>[]
  onChange: (value: T) => void
  size?: 'sm' | 'md'
  id?: string
  invalid?: boolean
  disabled?: boolean
  placeholder?: string
}

const sizes = { sm: 'h-7 px-2', md: 'h-8 px-2.5' } as const

/** Neighbours of the same group, together. */
function grouped<T extends string>(choices: readonly Choice<T>[]): Choice<T>[][] {
  const groups: Choice<T>[][] = []
  for (const choice of choices) {
    const last = groups.at(-1)
    if (last && last[0]!.group === choice.group) last.push(choice)
    else groups.push([choice])
  }
  return groups
}

export function Select<T extends string>({
  label,
  value,
  choices,
  onChange,
  size = 'md',
  id,
  invalid = false,
  disabled = false,
  placeholder = 'Choose',
}: Props<T>) {
  const current = choices.find((choice) => choice.value === value)
  return (
    <Base.Root<T>
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
      modal={false}
    >
      <Base.Trigger
        id={id}
        aria-label={label}
        aria-invalid={invalid || undefined}
        className={cx(
          'inline-flex max-w-full select-none items-center gap-1.5 rounded-md border border-control bg-surface text-base transition-colors hover:border-ink-3 hover:bg-hover aria-invalid:border-problem aria-invalid:shadow-[inset_0_0_0_1px_var(--color-problem)] data-disabled:opacity-60',
          sizes[size],
        )}
      >
        {current?.mark}
        <Base.Value className="min-w-0 truncate">
          {current?.label ?? <span className="text-ink-3">{value || placeholder}</span>}
        </Base.Value>
        <Base.Icon className="ml-auto text-ink-3">
          <ChevronDown size={14} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          alignItemWithTrigger={false}
          sideOffset={4}
          align="start"
          className="z-50 outline-none"
        >
          <Base.Popup className={cx(popupClass, 'min-w-(--anchor-width)')}>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto">
              {grouped(choices).map((group) => (
                <Base.Group key={group[0]!.value}>
                  {group[0]!.group !== undefined && (
                    <Base.GroupLabel className="px-2 pt-2 pb-0.5 font-medium text-ink-3 text-sm">
                      {group[0]!.group}
                    </Base.GroupLabel>
                  )}
                  {group.map((choice) => (
                    <div key={choice.value} role="presentation">
                      {choice.divided && <Base.Separator className="my-1 h-px bg-line" />}
                      <Base.Item value={choice.value} className={itemClass}>
                        {choice.mark}
                        <Base.ItemText className="min-w-0 flex-1 truncate">{choice.label}</Base.ItemText>
                        <span className="w-4">
                          <Base.ItemIndicator>
                            <Check size={14} aria-hidden />
                          </Base.ItemIndicator>
                        </span>
                      </Base.Item>
                    </div>
                  ))}
                </Base.Group>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
