'use client'
import { CodeBlock } from '@/app/_ui/code-block'
import { Tabs } from '@/app/_ui/tabs'
import type { Snippet } from './snippets'

export function SnippetTabs({ snippets }: { snippets: Snippet[] }) {
  return (
    <Tabs
      label="Language"
      tabs={snippets.map(({ id, label, code }) => ({
        id,
        label,
        panel: <CodeBlock code={code} label={`${label} example`} />,
      }))}
    />
  )
}
