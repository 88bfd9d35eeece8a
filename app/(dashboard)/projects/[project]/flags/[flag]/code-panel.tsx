'use client'
import Link from 'next/link'
import { SnippetTabs } from '@/app/_components/snippet-tabs'
import { snippets } from '@/app/_components/snippets'
import { Banner } from '@/app/_ui/banner'
import type { FlagView } from '@/lib/control/views'
import { paths } from '@/lib/paths'

export function CodePanel({
  project,
  environment,
  flag,
  url,
}: {
  project: string
  environment: string
  flag: FlagView
  url: string
}) {
  const connections = paths.connections({ project, environment })
  const off = flag.environments[environment]?.offVariant
  const fallback = flag.variants[off ?? ''] ?? Object.values(flag.variants)[0] ?? null
  return (
    <div className="flex flex-col gap-4">
      {!flag.browser && (
        <Banner tone="info" title="Servers only">
          This flag is not available to browsers: client keys do not receive it. Change that in its settings.
        </Banner>
      )}
      <SnippetTabs
        snippets={snippets({
          url,
          serverKey: 'jks_srv_…',
          clientKey: 'jks_cli_…',
          flag: { key: flag.key, type: flag.type, fallback },
        })}
      />
      <p className="text-ink-2">
        The key comes from{' '}
        <Link href={connections} className="rounded-sm text-accent-ink underline underline-offset-4">
          Connections
        </Link>
        , and belongs to one environment.
      </p>
    </div>
  )
}
