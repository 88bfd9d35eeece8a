'use client'
import { Autocomplete } from '@base-ui/react/autocomplete'
import { useState } from 'react'
import { cx } from '@/app/_ui/cx'
import { inputClass } from '@/app/_ui/field'
import { itemClass, popupClass } from '@/app/_ui/menu'
import type { ListedFlag } from '@/lib/control/views'

const EMPTY = 'search flags'

/** The key of a flag, chosen from what the server finds by key or name, or typed. */
export function FlagInput({
  label,
  value,
  found,
  invalid,
  onChange,
}: {
  label: string
  value: string
  found: readonly ListedFlag[]
  invalid: boolean
  onChange: (key: string) => void
}) {
  const [open, setOpen] = useState(false)
  return (
    <Autocomplete.Root
      mode="none"
      items={found}
      itemToStringValue={(flag: ListedFlag) => flag.key}
      value={value}
      onValueChange={onChange}
      openOnInputClick
      open={open && found.length > 0}
      onOpenChange={setOpen}
    >
      <Autocomplete.Input
        aria-label={label}
        aria-invalid={invalid || undefined}
        placeholder={EMPTY}
        size={Math.max(value.length, EMPTY.length) + 1}
        spellCheck={false}
        onBlur={() => setOpen(false)} // what is found later must not open over the next field
        className={cx(inputClass, 'field-sizing-content h-7 w-auto! min-w-24 max-w-64 px-2')}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Autocomplete.Popup className={popupClass}>
            <Autocomplete.List className="max-h-[min(16rem,var(--available-height))] overflow-y-auto">
              {(flag: ListedFlag) => (
                <Autocomplete.Item key={flag.key} value={flag} className={itemClass}>
                  <span className="min-w-0 flex-1 truncate">{flag.name}</span>
                  <code className="pl-4 font-mono text-ink-3 text-sm">{flag.key}</code>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  )
}
