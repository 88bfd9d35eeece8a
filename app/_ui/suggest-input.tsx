'use client'
import { Autocomplete } from '@base-ui/react/autocomplete'
import { useEffect, useRef, useState } from 'react'
import { cx } from './cx'
import { inputClass } from './field'
import { itemClass, popupClass } from './menu'

type Props = {
  label: string
  value: string
  onChange: (value: string) => void
  suggestions: readonly string[]
  /** A few words beside a suggestion. */
  describe?: (suggestion: string) => string | null
  placeholder?: string
  invalid?: boolean
  disabled?: boolean
}

/** Free text with suggestions; as wide as what it holds. */
export function SuggestInput({
  label,
  value,
  onChange,
  suggestions,
  describe,
  placeholder,
  invalid = false,
  disabled = false,
}: Props) {
  const [open, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const popup = useRef<HTMLDivElement>(null)
  /**
   * Whoever leaves before the list is there has closed it: it only knows of those who leave while it stands. Asked once the
   * focus has arrived.
   */
  const leave = () =>
    setTimeout(() => {
      const { activeElement } = document
      if (activeElement !== input.current && !popup.current?.contains(activeElement)) setOpen(false)
    })
  const found = suggestions.some((item) => item.toLowerCase().includes(value.toLowerCase()))
  useEffect(() => {
    if (open && !found) setOpen(false) // else it would open by itself once there is something to suggest
  }, [open, found])
  const width = Math.max(value.length, placeholder?.length ?? 0, 6) + 1
  return (
    <Autocomplete.Root
      items={suggestions}
      value={value}
      onValueChange={onChange}
      openOnInputClick
      open={open && found}
      onOpenChange={setOpen}
      disabled={disabled}
    >
      <Autocomplete.Input
        ref={input}
        onBlur={leave}
        aria-label={label}
        aria-invalid={invalid || undefined}
        placeholder={placeholder}
        size={width}
        spellCheck={false}
        className={cx(inputClass, 'field-sizing-content h-7 w-auto! min-w-20 max-w-64 px-2')}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Autocomplete.Popup ref={popup} className={popupClass}>
            <Autocomplete.List className="max-h-[min(16rem,var(--available-height))] overflow-y-auto">
              {(item: string) => (
                <Autocomplete.Item key={item} value={item} className={itemClass}>
                  <span className="min-w-0 flex-1 truncate">{item}</span>
                  {describe?.(item) && <span className="pl-4 text-ink-3 text-sm">{describe(item)}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  )
}
