'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ApiLink } from '@/app/_components/api-link'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { ShownOnce } from '@/app/_components/people/shown-once'
import { TokensTable } from '@/app/_components/people/tokens-table'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import type { NewToken, TokenView } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'
import { CreateMyTokenDialog } from './create-my-token-dialog'

export function MyTokensScreen({ tokens }: { tokens: TokenView[] }) {
  const router = useRouter()
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<TokenView | null>(null)
  const [made, setMade] = useState<NewToken | null>(null)
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus size={16} aria-hidden /> Create token
    </Button>
  )
  return (
    <>
      <PageHeader title="Personal tokens" actions={create}>
        They act as you, with your roles as they are at the time, and end after 90 days. <ApiLink />
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
          <EmptyState title="You have no tokens" action={create}>
            A token lets a script on your machine do what you may do, or a part of it.
          </EmptyState>
        ) : (
          <TokensTable tokens={tokens} onRevoke={setRevoking} />
        )}
      </div>
      {creating && (
        <CreateMyTokenDialog
          onClose={() => setCreating(false)}
          onCreated={(token) => {
            setCreating(false)
            setMade(token)
            router.refresh()
          }}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={`Revoke ${revoking.name}?`}
          description="Whatever uses it is refused from the next request on. This cannot be undone."
          confirm="Revoke token"
          look="danger"
          onConfirm={async () => {
            await peopleApi.revokeMyToken(revoking.id)
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
