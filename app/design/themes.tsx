'use client'
import { useState } from 'react'
import { PageHeader } from '@/app/_ui/page-header'
import { Segmented } from '@/app/_ui/segmented'

const themes = [
  { name: 'Light', theme: 'light', contrast: 'normal' },
  { name: 'Dark', theme: 'dark', contrast: 'normal' },
  { name: 'Light, more contrast', theme: 'light', contrast: 'more' },
  { name: 'Dark, more contrast', theme: 'dark', contrast: 'more' },
] as const

const views = [
  { value: 'normal', label: 'Light and dark' },
  { value: 'more', label: 'More contrast' },
  { value: 'all', label: 'All' },
]

/** The themes side by side: each a page of its own, since a theme is the whole page's. */
export function Themes() {
  const [view, setView] = useState('normal')
  const shown = themes.filter(({ contrast }) => view === 'all' || contrast === view)
  return (
    <main className="flex h-screen flex-col px-6 pt-6 pb-4">
      <PageHeader
        title="Design"
        actions={<Segmented hideLabel label="Themes" value={view} choices={views} onChange={setView} />}
      >
        Every component of app/_ui in every state. Tab walks through them.
      </PageHeader>
      <div className="grid min-h-0 flex-1 gap-4 [grid-template-columns:repeat(auto-fit,minmax(20rem,1fr))]">
        {shown.map(({ name, theme, contrast }) => (
          <iframe
            key={name}
            title={name}
            src={`/design?theme=${theme}&contrast=${contrast}`}
            className="size-full rounded-xl border"
          />
        ))}
      </div>
    </main>
  )
}
