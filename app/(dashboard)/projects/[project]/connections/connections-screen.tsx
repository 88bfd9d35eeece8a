'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { EnvironmentName } from '@/app/_components/environment-name'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { NavTabs } from '@/app/_ui/nav-tabs'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { api, type CreatedKey } from '@/lib/api-client'
import type {
  AttributesView,
  ConnectionsView,
  EnvironmentView,
  KeyView,
  ProjectView,
} from '@/lib/control/views'
import { parseId } from '@/lib/evaluation'
import { paths } from '@/lib/paths'
import { AskedInVain } from './asked-in-vain'
import { BrowserAttributes } from './browser-attributes'
import { ConnectedClients } from './connected-clients'
import { CreateKeyDialog } from './create-key-dialog'
import { EditKeyDialog } from './edit-key-dialog'
import { type KeyAction, KeysTable } from './keys-table'
import { NewKey } from './new-key'
import { RotateDialog } from './rotate-dialog'
import { useConnections } from './use-connections'

type Props = {
  project: ProjectView
  environment: EnvironmentView
  /** Null: this person may not see them. */
  keys: KeyView[] | null
  /** When the page was made, in epoch ms. */
  now: number
  /** Who is connected; null with the keys. */
  connections: ConnectionsView | null
  mayWrite: boolean
  /** May create flags. */
  mayCreate: boolean
  attributes: AttributesView['attributes']
  /** May say which attributes browsers see compared. */
  mayMark: boolean
  url: string
}

export function ConnectionsScreen({
  project,
  environment,
  keys,
  now,
  connections: first,
  mayWrite,
  mayCreate,
  attributes,
  mayMark,
  url,
}: Props) {
  const router = useRouter()
  const [creating, setCreating] = useState(false)
  const [created, setCreated] = useState<CreatedKey | null>(null)
  const [acting, setActing] = useState<{ action: KeyAction; key: KeyView } | null>(null)
  const connections = useConnections(project.key, environment.key, first)
  useShortcuts({ c: () => mayWrite && setCreating(true) })
  const where = { project: project.key, environment: environment.key }

  const revoke = async (key: KeyView) => {
    await api.revokeKey({ ...where, id: key.id })
    toast.done(`Revoked ${key.name}`)
    setActing(null)
    if (created?.id === key.id) setCreated(null)
    router.refresh()
  }
  const act = useCallback((action: KeyAction, key: KeyView) => setActing({ action, key }), [])
  const create = (
    <Button
      look="primary"
      disabledReason={!mayWrite && 'Creating keys needs the role admin'}
      onClick={() => setCreating(true)}
    >
      <Plus size={16} aria-hidden /> Create key
    </Button>
  )

  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title="Connections" actions={create}>
        Applications connect with a key. A key belongs to one environment.
      </PageHeader>
      <NavTabs
        label="Environment"
        tabs={project.environments.map((candidate) => ({
          href: paths.connections({ project: project.key, environment: candidate.key }),
          current: candidate.key === environment.key,
          label: <EnvironmentName environment={candidate} />,
        }))}
      />
      <div className="mt-5 flex flex-col gap-4">
        {created && <NewKey created={created} url={url} onDone={() => setCreated(null)} />}
        {keys === null && (
          <EmptyState title="Keys are not shown to you">
            Seeing which keys exist needs the role publisher. Ask an administrator of this project.
          </EmptyState>
        )}
        {keys?.length === 0 && !created && (
          <EmptyState title={`Nothing connects to ${environment.name} yet`} action={create}>
            Create a key for your application. It comes with a snippet that works as it stands.
          </EmptyState>
        )}
        {keys && keys.length > 0 && (
          <section aria-labelledby="keys">
            <h2 id="keys" className="mb-2 font-semibold">
              Keys
            </h2>
            <KeysTable keys={keys} now={now} mayWrite={mayWrite} onAct={act} />
          </section>
        )}
        {connections && (keys?.length ?? 0) > 0 && (
          <ConnectedClients
            clients={connections.clients}
            environment={environment.name}
            newest={parseId(environment.configId)?.version ?? 0}
          />
        )}
        {connections && (
          <AskedInVain project={project.key} now={now} {...connections} mayCreate={mayCreate} />
        )}
        <BrowserAttributes
          key={JSON.stringify(attributes)}
          project={project.key}
          attributes={attributes}
          disabledReason={!mayMark && 'Marking attributes needs the role admin'}
        />
      </div>
      {creating && (
        <CreateKeyDialog
          where={where}
          environment={environment}
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreating(false)
            setCreated(key)
            router.refresh()
          }}
        />
      )}
      {acting?.action === 'edit' && (
        <EditKeyDialog
          where={where}
          edited={acting.key}
          onClose={() => setActing(null)}
          onSaved={() => {
            setActing(null)
            router.refresh()
          }}
        />
      )}
      {acting?.action === 'rotate' && (
        <RotateDialog
          where={where}
          rotated={acting.key}
          onClose={() => setActing(null)}
          onRotated={(key) => {
            setActing(null)
            setCreated(key)
            router.refresh()
          }}
        />
      )}
      {acting?.action === 'revoke' && (
        <ConfirmDialog
          title={`Revoke ${acting.key.name}?`}
          description={`Applications that use this key in ${environment.name} are disconnected at once, and are refused from now on. They go on with the last flags they know. This cannot be undone.`}
          confirm="Revoke key"
          look="danger"
          onConfirm={() => revoke(acting.key)}
          onClose={() => setActing(null)}
        />
      )}
    </div>
  )
}
