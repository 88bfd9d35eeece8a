'use client'
import { Ellipsis, Send } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Banner } from '@/app/_ui/banner'
import { Button, ButtonLink, IconButton } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { Menu, MenuItem, MenuSeparator } from '@/app/_ui/menu'
import { NavTabs } from '@/app/_ui/nav-tabs'
import { PageHeader } from '@/app/_ui/page-header'
import { Time } from '@/app/_ui/time'
import { toast } from '@/app/_ui/toast'
import { api, type SecretWebhook, type WebhookFields } from '@/lib/api-client'
import type { Page, ProjectView, WebhookDeliveryView, WebhookView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { DeliveriesTable } from './deliveries-table'
import { NewSecret } from './new-secret'
import { type Status, statuses, statusWords } from './statuses'
import { WebhookDialog } from './webhook-dialog'
import { listensTo, wordsFor } from './webhook-words'

const SOON_MS = 15_000 // what is tried within this time is waited for
const LOOK_MS = 1_000
const NEEDS_ADMIN = 'This needs the role admin'

/** Looks again while something is about to be sent. */
function useProgress(deliveries: readonly WebhookDeliveryView[], enabled: boolean): void {
  const router = useRouter()
  useEffect(() => {
    const soon = Date.now() + SOON_MS
    if (!enabled || !deliveries.some(({ nextAt }) => nextAt !== null && Date.parse(nextAt) < soon)) return
    const timer = setTimeout(() => router.refresh(), LOOK_MS)
    return () => clearTimeout(timer)
  }, [deliveries, enabled, router])
}

type Props = {
  /** Null: of the installation. */
  project: ProjectView | null
  webhook: WebhookView
  deliveries: Page<WebhookDeliveryView>
  status: Status | undefined
  cursor: string | undefined
  mayWrite: boolean
}

type Asking = 'edit' | 'rotate' | 'delete'

function Notices({ webhook }: { webhook: WebhookView }) {
  const { enabled, problem, failingSince, previousUntil } = webhook
  return (
    <>
      {!enabled && (
        <Banner tone="info" title="This webhook is off">
          {problem} What happens while it is off is not told later; what waited is sent once it is on.
        </Banner>
      )}
      {enabled && failingSince && (
        <Banner tone="info" title="Every attempt fails">
          Since <Time value={failingSince} />. After 5 days of that it is turned off.
        </Banner>
      )}
      {previousUntil && (
        <Banner tone="info" title="Two secrets sign">
          The one before signs as well until <Time value={previousUntil} />.
        </Banner>
      )}
    </>
  )
}

export function WebhookScreen({ project, webhook, deliveries, status, cursor, mayWrite }: Props) {
  const router = useRouter()
  const [asking, setAsking] = useState<Asking | null>(null)
  const [rotated, setRotated] = useState<SecretWebhook | null>(null)
  const where = { project: project?.key ?? null, webhook: webhook.id }
  const words = wordsFor(where.project)
  const at = (query: { status?: string; cursor?: string }) => paths.webhook({ ...where, ...query })
  useProgress(deliveries.items, webhook.enabled)

  const done = () => {
    setAsking(null)
    router.refresh()
  }
  const test = useAction(async () => {
    await api.testWebhook(where)
    toast.done('A test message is on its way')
    router.refresh()
  })
  const replay = useAction(async (delivery: WebhookDeliveryView) => {
    await api.replayDelivery({ ...where, delivery: delivery.id })
    toast.done('It is sent again')
    router.refresh()
  })
  const save = async (fields: Partial<WebhookFields>) => {
    await api.patchWebhook(where, fields)
    toast.done('Saved')
    done()
  }
  const rotate = async () => {
    setRotated((await api.rotateWebhook(where)).value)
    done()
  }
  const remove = async () => {
    await api.deleteWebhook(where)
    toast.done(`Deleted ${webhook.name}`)
    router.push(paths.webhooks(where))
  }
  const actions = (
    <>
      <Button
        busy={test.busy}
        disabledReason={!mayWrite ? NEEDS_ADMIN : !webhook.enabled && 'It is off: turn it on first'}
        onClick={() => test.run()}
      >
        <Send size={16} aria-hidden /> Send a test
      </Button>
      <Button disabledReason={!mayWrite && NEEDS_ADMIN} onClick={() => setAsking('edit')}>
        Edit…
      </Button>
      {mayWrite && (
        <Menu
          trigger={
            <IconButton label="More" look="secondary">
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem onSelect={() => setAsking('rotate')}>Rotate secret…</MenuItem>
          <MenuSeparator />
          <MenuItem tone="danger" onSelect={() => setAsking('delete')}>
            Delete…
          </MenuItem>
        </Menu>
      )}
    </>
  )

  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title={webhook.name} actions={actions}>
        <span className="break-all font-mono text-sm">{webhook.url}</span>
        <br />
        {listensTo(webhook)}, as {webhook.payload === 'slack' ? 'a Slack message' : 'JSON'}.
      </PageHeader>
      <div className="mb-4 flex flex-col gap-4 empty:hidden">
        {rotated && <NewSecret webhook={rotated} onDone={() => setRotated(null)} />}
        <ProblemBanner problem={test.problem ?? replay.problem} />
        <Notices webhook={webhook} />
      </div>
      <NavTabs
        label="Deliveries"
        tabs={[
          { href: at({}), label: 'All', current: status === undefined },
          ...statuses.map((each) => ({
            href: at({ status: each }),
            label: statusWords[each],
            current: status === each,
          })),
        ]}
      />
      <div className="mt-5">
        {deliveries.items.length === 0 ? (
          <EmptyState title={status ? 'There are none of these' : 'Nothing was sent yet'}>
            {words.next}
          </EmptyState>
        ) : (
          <DeliveriesTable
            deliveries={deliveries.items}
            replayDisabledReason={!mayWrite ? NEEDS_ADMIN : !webhook.enabled && 'It is off: turn it on first'}
            onReplay={replay.run}
          />
        )}
      </div>
      <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
        {cursor && <ButtonLink href={at({ status })}>Newest</ButtonLink>}
        {deliveries.next && <ButtonLink href={at({ status, cursor: deliveries.next })}>Older</ButtonLink>}
      </nav>
      {asking === 'edit' && (
        <WebhookDialog
          title={`Edit ${webhook.name}`}
          confirm="Save"
          environments={project?.environments ?? null}
          fields={{
            name: webhook.name,
            url: webhook.url,
            events: webhook.events,
            environments: webhook.environments,
            payload: webhook.payload,
            enabled: webhook.enabled,
          }}
          onSave={save}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'rotate' && (
        <ConfirmDialog
          title={`Rotate the secret of ${webhook.name}?`}
          description="A new secret signs from now on. The one before signs as well for 24 hours, so that the receiver can change over. One that was rotated earlier ends at once."
          confirm="Rotate secret"
          onConfirm={rotate}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'delete' && (
        <ConfirmDialog
          title={`Delete ${webhook.name}?`}
          description="Nothing is sent there any more, and what was sent is forgotten. This cannot be undone."
          confirm={project ? 'Delete webhook' : 'Delete endpoint'}
          look="danger"
          onConfirm={remove}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )
}
