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
  project: ProjectView
  /** Null: this person may not see them. */
  webhooks: WebhookView[] | null
  mayWrite: boolean
}

export function WebhooksScreen({ project, webhooks, mayWrite }: Props) {
  const router = useRouter()
  const [creating, setCreating] = useState(false)
  const [created, setCreated] = useState<SecretWebhook | null>(null)
  useShortcuts({ c: () => mayWrite && setCreating(true) })
  const create = (
    <Button
      look="primary"
      disabledReason={!mayWrite && 'Creating webhooks needs the role admin'}
      onClick={() => setCreating(true)}
    >
      <Plus size={16} aria-hidden /> Create webhook
    </Button>
  )
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title="Webhooks" actions={create}>
        Other systems are told of each change of this project, in signed messages.
      </PageHeader>
      <div className="flex flex-col gap-4">
        {created && <NewSecret webhook={created} onDone={() => setCreated(null)} />}
        {webhooks === null && (
          <EmptyState title="Webhooks are not shown to you">
            Seeing who is told of changes needs the role publisher. Ask an administrator of this project.
          </EmptyState>
        )}
        {webhooks?.length === 0 && !created && (
          <EmptyState title="Nobody is told yet" action={create}>
            Name an address, and each change is posted there: to a channel, a deployment log, a monitor.
          </EmptyState>
        )}
        {webhooks && webhooks.length > 0 && <WebhooksTable project={project.key} webhooks={webhooks} />}
      </div>
      {creating && (
        <WebhookDialog
          title="Create a webhook"
          confirm="Create webhook"
          environments={project.environments}
          fields={blank}
          onSave={async (fields) => {
            const { value } = await api.createWebhook({ project: project.key }, fields)
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
