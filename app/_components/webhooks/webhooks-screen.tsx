'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { api, type SecretWebhook, type WebhookFields } from '@/lib/api-client'
import type { ProjectView, WebhookView } from '@/lib/control/views'
import { NewSecret } from './new-secret'
import { WebhookDialog } from './webhook-dialog'
import { wordsFor } from './webhook-words'
import { WebhooksTable } from './webhooks-table'

const blank: WebhookFields = {
  name: '',
  url: '',
  events: ['*'],
  environments: null,
  payload: 'json',
  enabled: true,
}

type Props = {
  /** Null: of the installation. */
  project: ProjectView | null
  /** Null: this person may not see them. */
  webhooks: WebhookView[] | null
  mayWrite: boolean
}

export function WebhooksScreen({ project, webhooks, mayWrite }: Props) {
  const router = useRouter()
  const key = project?.key ?? null
  const words = wordsFor(key)
  const [creating, setCreating] = useState(false)
  const [created, setCreated] = useState<SecretWebhook | null>(null)
  useShortcuts({ c: () => mayWrite && setCreating(true) })
  const create = (
    <Button
      look="primary"
      disabledReason={!mayWrite && 'Creating webhooks needs the role admin'}
      onClick={() => setCreating(true)}
    >
      <Plus size={16} aria-hidden /> {words.create}
    </Button>
  )
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title={words.title} actions={create}>
        {words.about}
      </PageHeader>
      <div className="flex flex-col gap-4">
        {created && <NewSecret webhook={created} onDone={() => setCreated(null)} />}
        {webhooks === null && <EmptyState title="These are not shown to you">{words.hidden}</EmptyState>}
        {webhooks?.length === 0 && !created && (
          <EmptyState title={words.none} action={create}>
            {words.invitation}
          </EmptyState>
        )}
        {webhooks && webhooks.length > 0 && <WebhooksTable project={key} webhooks={webhooks} />}
      </div>
      {creating && (
        <WebhookDialog
          title={words.creating}
          confirm={words.create}
          environments={project?.environments ?? null}
          fields={blank}
          onSave={async (fields) => {
            const { value } = await api.createWebhook({ project: key }, fields)
            setCreating(false)
            setCreated(value)
            router.refresh()
          }}
          onClose={() => setCreating(false)}
        />
      )}
    </div>
  )
}
