'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { EnvironmentName } from '@/app/_components/environment-name'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { NavTabs } from '@/app/_ui/nav-tabs'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { api, type CreatedKey } from '@/lib/api-client'
import type { AttributesView, EnvironmentView, KeyView, ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { BrowserAttributes } from './browser-attributes'
import { CreateKeyDialog } from './create-key-dialog'
import { KeysTable } from './keys-table'
import { NewKey } from './new-key'

type Props = {
  project: ProjectView
  environment: EnvironmentView
  /** Null: this person may not see them. */
  keys: KeyView[] | null
  mayWrite: boolean
  attributes: AttributesView['attributes']
  /** May say which attributes browsers see compared. */
  mayMark: boolean
  url: string
}

export function ConnectionsScreen({ project, environment, keys, mayWrite, attributes, mayMark, url }: Props) {
  const router = useRouter()
  const [creating, setCreating] = useState(false)
  const [created, setCreated] = useState<CreatedKey | null>(null)
  const [revoking, setRevoking] = useState<KeyView | null>(null)
  useShortcuts({ c: () => mayWrite && setCreating(true) })
  const where = { project: project.key, environment: environment.key }

  const revoke = async (key: KeyView) => {
    await api.revokeKey({ ...where, id: key.id })
    toast.done(`Revoked ${key.name}`)
    setRevoking(null)
    if (created?.id === key.id) setCreated(null)
    router.refresh()
  }
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
        {keys && keys.length > 0 && <KeysTable keys={keys} mayWrite={mayWrite} onRevoke={setRevoking} />}
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
      {revoking && (
        <ConfirmDialog
          title={`Revoke ${revoking.name}?`}
          description={`Applications that use this key in ${environment.name} are disconnected at once, and are refused from now on. They go on with the last flags they know. This cannot be undone.`}
          confirm="Revoke key"
          look="danger"
          onConfirm={() => revoke(revoking)}
          onClose={() => setRevoking(null)}
        />
      )}
    </div>
  )
}
