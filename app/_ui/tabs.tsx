'use client'
import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

const tabClass =
  'h-8 whitespace-nowrap border-transparent border-b-2 px-1 text-ink-2 transition-colors hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink'

/** Panels of one place; tabs that are places of their own are links (nav-tabs). */
export function Tabs({
  label,
  tabs,
  current,
  onChange,
}: {
  label: string
  tabs: readonly { id: string; label: string; panel: ReactNode }[]
  /** Which is in sight, where the owner decides. */
  current?: string
  onChange?: (id: string) => void
}) {
  const shown = current === undefined ? { defaultValue: tabs[0]?.id } : { value: current }
  return (
    <Base.Root {...shown} onValueChange={(id) => onChange?.(String(id))}>
      <Base.List aria-label={label} className="mb-3 flex gap-4 overflow-x-auto border-b">
        {tabs.map((tab) => (
          <Base.Tab key={tab.id} value={tab.id} className={tabClass}>
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.id} value={tab.id}>
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
