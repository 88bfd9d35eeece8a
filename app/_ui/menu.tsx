'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import Link from 'next/link'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx'

export const popupClass =
  'min-w-40 max-w-(--available-width) rounded-lg border border-line-strong bg-raised p-1 text-ink outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0'

export const itemClass =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 outline-none data-highlighted:bg-hover'

export function Menu({
  trigger,
  align = 'end',
  side = 'bottom',
  children,
}: {
  trigger: ReactElement
  align?: 'start' | 'end'
  side?: 'bottom' | 'top'
  children: ReactNode
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className={popupClass}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export function MenuItem({
  tone,
  disabled,
  onSelect,
  children,
}: {
  tone?: 'danger'
  disabled?: boolean
  onSelect: () => void
  children: ReactNode
}) {
  return (
    <Base.Item
      disabled={disabled}
      onClick={onSelect}
      className={cx(
        itemClass,
        'data-disabled:opacity-50',
        tone === 'danger' && 'text-danger-ink data-highlighted:bg-danger-soft',
      )}
    >
      {children}
    </Base.Item>
  )
}

export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Base.LinkItem closeOnClick render={<Link href={href} />} className={itemClass}>
      {children}
    </Base.LinkItem>
  )
}

export const MenuSeparator = () => <Base.Separator className="my-1 h-px bg-line" />

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-2 py-1 text-ink-3 text-xs">{children}</div>
}

/** One of several, marked where it stands. */
export function MenuChoices<T extends string>({
  value,
  choices,
  onChange,
}: {
  value: T
  choices: readonly { value: T; label: ReactNode }[]
  onChange: (value: T) => void
}) {
  return (
    <Base.RadioGroup defaultValue={value} onValueChange={onChange}>
      {choices.map((choice) => (
        <Base.RadioItem key={choice.value} value={choice.value} className={itemClass}>
          <span className="flex flex-1 items-center gap-2">{choice.label}</span>
          <span className="w-4">
            <Base.RadioItemIndicator>
              <Check size={14} aria-hidden />
            </Base.RadioItemIndicator>
          </span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}
