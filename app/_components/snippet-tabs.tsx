'use client'
import { CodeBlock } from '@/app/_ui/code-block'
import { Tabs } from '@/app/_ui/tabs'
import type { Snippet } from './snippets'

export function SnippetTabs({
  snippets,
  current,
  onChange,
}: {
  snippets: Snippet[]
  /** Which is in sight, where somebody else must know. */
  current?: Snippet['id']
  onChange?: (id: Snippet['id']) => void
}) {
  return (
    <Tabs
      label="Language"
      {...(current !== undefined && { current })}
      {...(onChange && { onChange: onChange as (id: string) => void })}
      tabs={snippets.map(({ id, label, note, code }) => ({
        id,
        label,
        panel: (
          <>
            <CodeBlock code={code} label={`${label} example`} />
            {note && <p className="mt-2 text-ink-3 text-sm">{note}</p>}
          </>
        ),
      }))}
    />
  )
}
