'use client'
import { useState } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import { Field, FieldError, TextInput } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import { Switch } from '@/app/_ui/switch'
import { TokenInput } from '@/app/_ui/token-input'
import type { WebhookFields } from '@/lib/api-client'
import type { EnvironmentView, WebhookView } from '@/lib/control/views'

type Reach = 'all' | 'some'

const reaches: { value: Reach; label: string }[] = [
  { value: 'all', label: 'Every one' },
  { value: 'some', label: 'Some' },
]

const payloads: { value: WebhookView['payload']; label: string }[] = [
  { value: 'json', label: 'JSON' },
  { value: 'slack', label: 'Slack' },
]

const meaning: Record<WebhookView['payload'], string> = {
  json: 'The change with what was before and after, signed as Standard Webhooks has it.',
  slack: 'The change in words, for an incoming webhook of a Slack channel.',
}

type ReachesProps = {
  draft: WebhookFields
  environments: EnvironmentView[]
  change: (changes: Partial<WebhookFields>) => void
  fieldError: (path: string) => string | undefined
}

/** Which changes are told, of which environments, and as what. */
function Reaches({ draft, environments, change, fieldError }: ReachesProps) {
  const eventsReach: Reach = draft.events.includes('*') ? 'all' : 'some'
  const chosen = draft.environments
  const toggle = (key: string, on: boolean) =>
    change({ environments: [...(chosen ?? []).filter((each) => each !== key), ...(on ? [key] : [])] })
  return (
    <>
      <div>
        <Segmented
          label="Changes"
          value={eventsReach}
          choices={reaches}
          onChange={(reach) => change({ events: reach === 'all' ? ['*'] : [] })}
        />
        {eventsReach === 'some' && (
          <div className="mt-2">
            <TokenInput
              label="Actions"
              tokens={draft.events.map((event) => ({ id: event, text: event }))}
              onAdd={(events) => change({ events: [...new Set([...draft.events, ...events])] })}
              onRemove={(index) => change({ events: draft.events.filter((_, i) => i !== index) })}
              placeholder="kill.*, targeting.update, flag.*"
              invalid={fieldError('events') !== undefined}
            />
            <p className="mt-1 text-ink-3 text-sm">
              Actions as the audit names them. <code className="font-mono">kill.*</code> is killing and
              lifting.
            </p>
          </div>
        )}
        {fieldError('events') && <FieldError>{fieldError('events')}</FieldError>}
      </div>
      <div>
        <Segmented
          label="Environments"
          value={chosen === null ? 'all' : 'some'}
          choices={reaches}
          onChange={(reach) => change({ environments: reach === 'all' ? null : [] })}
        />
        {chosen && (
          <ul className="mt-2 flex flex-col gap-2">
            {environments.map((environment) => (
              <li key={environment.key} className="flex items-center gap-3">
                <Switch
                  label={environment.name}
                  checked={chosen.includes(environment.key)}
                  onChange={(on) => toggle(environment.key, on)}
                />
                <EnvironmentName environment={environment} />
              </li>
            ))}
          </ul>
        )}
        {chosen && (
          <p className="mt-1.5 text-ink-3 text-sm">What concerns the whole project is told as well.</p>
        )}
        {fieldError('environments') && <FieldError>{fieldError('environments')}</FieldError>}
      </div>
      <div>
        <Segmented
          label="As"
          value={draft.payload}
          choices={payloads}
          onChange={(payload) => change({ payload })}
        />
        <p className="mt-1.5 text-ink-3 text-sm">{meaning[draft.payload]}</p>
      </div>
    </>
  )
}

type Props = {
  title: string
  confirm: string
  /** Null: it is of the installation, and sent everything. */
  environments: EnvironmentView[] | null
  fields: WebhookFields
  onSave: (fields: Partial<WebhookFields>) => Promise<void>
  onClose: () => void
}

export function WebhookDialog({ title, confirm, environments, fields, onSave, onClose }: Props) {
  const [draft, setDraft] = useState(fields)
  const { name, url, enabled } = draft
  const change = (changes: Partial<WebhookFields>) => setDraft({ ...draft, ...changes })
  const send = () => onSave(environments === null ? { name, url, enabled } : draft)
  return (
    <FormDialog
      onClose={onClose}
      title={title}
      shape="wide"
      confirm={confirm}
      shown={['name', 'url', 'events', 'environments']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField
            value={draft.name}
            onChange={(name) => change({ name })}
            error={fieldError('name')}
            placeholder="Release channel"
          />
          <Field
            label="Address"
            error={fieldError('url')}
            hint="Over https, on port 443. It is kept encrypted."
          >
            {(control) => (
              <TextInput
                {...control}
                value={draft.url}
                inputMode="url"
                placeholder="https://example.com/hooks/jackstaff"
                onChange={(event) => change({ url: event.target.value })}
              />
            )}
          </Field>
          {environments && (
            <Reaches draft={draft} environments={environments} change={change} fieldError={fieldError} />
          )}
          <div className="flex items-center gap-3">
            <Switch label="On" checked={draft.enabled} onChange={(enabled) => change({ enabled })} />
            <p className="text-sm">{draft.enabled ? 'Messages are sent' : 'Nothing is sent'}</p>
          </div>
        </>
      )}
    </FormDialog>
  )
}
