'use client'
import { useState } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { SnippetTabs } from '@/app/_components/snippet-tabs'
import { type Snippet, snippets } from '@/app/_components/snippets'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Select } from '@/app/_ui/select'
import { api } from '@/lib/api-client'
import type { EnvironmentView, FlagView, KeyView } from '@/lib/control/views'

type Keys = Partial<Record<KeyView['kind'], string>>

const NAMES: Record<KeyView['kind'], string> = {
  server: 'Get started, server',
  client: 'Get started, browser',
}
const BLANK: Record<KeyView['kind'], string> = { server: 'jks_srv_…', client: 'jks_cli_…' }

/** A snippet that works as it stands, with a key made on the spot. */
export function ConnectStep({
  project,
  environments,
  environment,
  flag,
  url,
  mayMakeKeys,
  onEnvironment,
}: {
  project: string
  environments: readonly EnvironmentView[]
  environment: EnvironmentView
  flag: FlagView
  url: string
  mayMakeKeys: boolean
  onEnvironment: (key: string) => void
}) {
  const [language, setLanguage] = useState<Snippet['id']>('server')
  const [keys, setKeys] = useState<Keys>({})
  const all = snippets({
    url,
    serverKey: keys.server ?? BLANK.server,
    clientKey: keys.client ?? BLANK.client,
    flag: { key: flag.key, type: flag.type, fallback: fallbackOf(flag, environment.key) },
  })
  const { kind } = all.find(({ id }) => id === language)!
  const { busy, problem, run } = useAction(async () => {
    const where = { project, environment: environment.key }
    const { value } = await api.createKey(where, { kind, name: NAMES[kind] })
    setKeys({ ...keys, [kind]: value.key })
  })
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-ink-2">Your app runs in</span>
        <Select
          label="Environment"
          value={environment.key}
          choices={environments.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={onEnvironment}
        />
      </div>
      <SnippetTabs snippets={all} current={language} onChange={setLanguage} />
      <ProblemBanner problem={problem} />
      {keys[kind] === undefined ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            look="primary"
            busy={busy}
            disabledReason={!mayMakeKeys && 'Making keys needs the role admin: ask for one, and put it in'}
            onClick={() => run()}
          >
            Make a {kind} key and put it in
          </Button>
          <span className="text-ink-2 text-sm">
            for <EnvironmentName environment={environment} />. Have one already? Put yours in its place.
          </span>
        </div>
      ) : (
        <p role="status" className="text-ink-2 text-sm">
          The key is in the code above, and is shown this once: copy it now. It stands under Connections as “
          {NAMES[kind]}”, where you can revoke it.
          {kind === 'client' &&
            !flag.browser &&
            ' This flag is not available to browsers yet: its settings say so.'}
        </p>
      )}
    </div>
  )
}

function fallbackOf({ variants, environments }: FlagView, environment: string) {
  const off = environments[environment]?.offVariant
  return variants[off ?? ''] ?? Object.values(variants)[0] ?? null
}
