'use client'
import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { type LucideIcon, Search } from 'lucide-react'
import { cx } from './cx'
import { itemClass } from './menu'

export type PaletteItem = {
  id: string
  label: string
  /** What tells it from others of the same name. */
  detail?: string
  icon: LucideIcon
  /** True: what it starts happens inside the palette. */
  stays?: boolean
  run: () => void
}
export type PaletteGroup = { label: string; items: PaletteItem[] }

/** One field for everything: what is typed finds, the arrows choose, Enter does. Its items come filtered. */
export function Palette({
  text,
  onText,
  groups,
  searching,
  onClose,
}: {
  text: string
  onText: (text: string) => void
  groups: readonly PaletteGroup[]
  searching: boolean
  onClose: () => void
}) {
  const shown = groups.filter(({ items }) => items.length > 0)
  const choose = (item: PaletteItem) => {
    if (!item.stays) onClose()
    item.run()
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 z-40 flex max-h-[70vh] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line-strong bg-raised text-ink outline-none">
          <Dialog.Title className="sr-only">Find or do something</Dialog.Title>
          <Autocomplete.Root
            open
            inline
            mode="none"
            autoHighlight="always"
            keepHighlight
            items={shown}
            itemToStringValue={(item: PaletteItem) => item.label}
            value={text}
            onValueChange={(next, { reason }) => reason === 'input-change' && onText(next)}
          >
            <div className="flex items-center gap-3 border-b px-4">
              <Search size={16} aria-hidden className="shrink-0 text-ink-3" />
              <Autocomplete.Input
                aria-label="Find or do something"
                placeholder="Find a flag, a page, or something to do"
                spellCheck={false}
                className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none"
              />
            </div>
            <Autocomplete.List className="min-h-0 overflow-y-auto p-2 empty:hidden">
              {(group: PaletteGroup) => (
                <Autocomplete.Group key={group.label} items={group.items}>
                  <Autocomplete.GroupLabel className="px-2 pt-2 pb-1 font-medium text-ink-3 text-xs">
                    {group.label}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {({ id, label, detail, icon: Icon, ...item }: PaletteItem) => (
                      <Autocomplete.Item
                        key={id}
                        value={{ id, label, detail, icon: Icon, ...item }}
                        onClick={() => choose({ id, label, icon: Icon, ...item })}
                        className={cx(itemClass, 'data-highlighted:bg-accent-soft')}
                      >
                        <Icon size={16} aria-hidden className="shrink-0 text-ink-3" />
                        <span className="min-w-0 truncate">{label}</span>
                        {detail && <span className="ml-auto truncate pl-4 text-ink-3 text-sm">{detail}</span>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
            <p role="status" className="px-4 py-3 text-ink-2 empty:hidden">
              {shown.length === 0 && (searching ? 'Searching…' : `Nothing is called “${text.trim()}”.`)}
            </p>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
