'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import { Segmented } from '@/app/_ui/segmented'
import { api, type CreatedKey } from '@/lib/api-client'
import type { EnvironmentView, KeyView } from '@/lib/control/views'

type Kind = KeyView['kind']
type Mode = NonNullable<KeyView['mode']>

const kinds: { value: Kind; label: string }[] = [
  { value: 'server', label: 'Server' },
  { value: 'client', label: 'Client' },
]

const meaning: Record<Kind, string> = {
  server: 'For back ends. Secret: it receives every flag with all rules.',
  client: 'For browsers and apps. Public: it receives only flags that are available to browsers.',
}

const modes: { value: Mode; label: string }[] = [
  { value: 'residual', label: 'Answers' },
  { value: 'full', label: 'Rules' },
]

const meaningOfMode: Record<Mode, string> = {
  residual:
    'The server settles everything private for one person; the page decides by public attributes alone. No list, no e-mail address and no private value ever reaches it.',
  full: 'The page receives the rules themselves, which a CDN can keep, and decides for anybody. Whoever opens the page can read them.',
}

export function CreateKeyDialog({
  where,
  environment,
  onClose,
  onCreated,
}: {
  where: { project: string; environment: string }
  environment: EnvironmentView
  onClose: () => void
  onCreated: (key: CreatedKey) => void
}) {
  const [name, setName] = useState('')
  const [kind, setKind] = useState<Kind>('server')
  const [mode, setMode] = useState<Mode>('residual')
  const send = async () => {
    const { value } = await api.createKey(where, { name, kind, ...(kind === 'client' && { mode }) })
    onCreated(value)
  }
  return (
    <FormDialog
      onClose={onClose}
      title={`Create a key for ${environment.name}`}
      confirm="Create key"
      shown={['name']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField
            value={name}
            onChange={setName}
            error={fieldError('name')}
            hint="The application that will use it."
            placeholder="Web shop back end"
          />
          <div>
            <Segmented label="Kind" value={kind} choices={kinds} onChange={setKind} />
            <p className="mt-1.5 text-ink-3 text-sm">{meaning[kind]}</p>
          </div>
          {kind === 'client' && (
            <div>
              <Segmented label="What it receives" value={mode} choices={modes} onChange={setMode} />
              <p className="mt-1.5 text-ink-3 text-sm">{meaningOfMode[mode]}</p>
            </div>
          )}
        </>
      )}
    </FormDialog>
  )
}
