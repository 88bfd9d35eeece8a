'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ApiLink } from '@/app/_components/api-link'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import type { PlaceProject } from '@/app/_components/people/places'
import { ShownOnce } from '@/app/_components/people/shown-once'
import { TokensTable } from '@/app/_components/people/tokens-table'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import type { NewToken, RoleDefinition, TokenView } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'
import { CreateTokenDialog } from './create-token-dialog'
import { RotateDialog } from './rotate-dialog'

type Props = { tokens: TokenView[]; roles: RoleDefinition[]; projects: PlaceProject[] }

export function TokensScreen({ tokens, roles, projects }: Props) {
  const router = useRouter()
  const [creating, setCreating] = useState(false)
  const [rotating, setRotating] = useState<TokenView | null>(null)
  const [revoking, setRevoking] = useState<TokenView | null>(null)
  const [made, setMade] = useState<NewToken | null>(null)
  const show = (token: NewToken) => {
    setCreating(false)
    setRotating(null)
    setMade(token)
    router.refresh()
  }
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus size={16} aria-hidden /> Create token
    </Button>
  )
  return (
    <>
      <PageHeader title="Service tokens" actions={create}>
        For machines: automation, an identity provider, a pipeline. Each holds roles of its own. <ApiLink />
      </PageHeader>
      <div className="flex flex-col gap-4">
        {made && (
          <ShownOnce
            title={`${made.name} is ready`}
            secret={made.token}
            label="token"
            onDone={() => setMade(null)}
          >
            Copy the token now: it is shown this once, and only its hash is kept.
          </ShownOnce>
        )}
        {tokens.length === 0 && !made ? (
          <EmptyState title="No machine has access" action={create}>
            Create a token for the API, with just the role that the machine needs.
          </EmptyState>
        ) : (
          <TokensTable tokens={tokens} onRotate={setRotating} onRevoke={setRevoking} />
        )}
      </div>
      {creating && (
        <CreateTokenDialog
          roles={roles}
          projects={projects}
          onClose={() => setCreating(false)}
          onCreated={show}
        />
      )}
      {rotating && <RotateDialog token={rotating} onClose={() => setRotating(null)} onRotated={show} />}
      {revoking && (
        <ConfirmDialog
          title={`Revoke ${revoking.name}?`}
          description="Whatever uses it is refused from the next request on. This cannot be undone."
          confirm="Revoke token"
          look="danger"
          onConfirm={async () => {
            await peopleApi.revokeToken(revoking.id)
            toast.done(`Revoked ${revoking.name}`)
            setRevoking(null)
            router.refresh()
          }}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  )
}
