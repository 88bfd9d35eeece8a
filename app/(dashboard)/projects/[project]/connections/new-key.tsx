'use client'
import { SnippetTabs } from '@/app/_components/snippet-tabs'
import { snippets } from '@/app/_components/snippets'
import { Button } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'
import type { CreatedKey } from '@/lib/api-client'

/** The only time that the key is in sight. */
export function NewKey({ created, url, onDone }: { created: CreatedKey; url: string; onDone: () => void }) {
  const { key, kind, mode, name } = created
  const all = snippets({
    url,
    serverKey: key,
    clientKey: key,
    mode: mode ?? 'residual',
    flag: { key: 'new-checkout', type: 'boolean', fallback: false },
  })
  const fitting = all.filter((snippet) => snippet.kind === kind || snippet.id === 'curl')
  return (
    <section aria-label="New key" className="card border-accent p-5">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-lg">{name} is ready</h2>
          <p className="text-ink-2">Copy the key now: it is shown this once, and only its hash is kept.</p>
        </div>
        <Button onClick={onDone}>Done</Button>
      </div>
      <div className="mt-4 mb-6 flex items-center gap-2 rounded-md border border-control bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 select-all break-all font-mono text-sm">{key}</code>
        <CopyButton text={key} label="Copy the key" caption="Copy" />
      </div>
      <SnippetTabs snippets={fitting} />
    </section>
  )
}
