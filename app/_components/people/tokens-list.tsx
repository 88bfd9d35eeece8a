'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import type { NewToken, TokenView } from '@/lib/control/people/views'
import { ApiLink } from '../api-link'
import { ConfirmDialog } from '../confirm-dialog'
import { ShownOnce } from './shown-once'
import { TokensTable } from './tokens-table'

type InDialog = { onClose: () => void; onMade: (token: NewToken) => void }

type Props = {
  title: string
  about: string
  tokens: TokenView[]
  empty: { title: string; about: string }
  creating: (dialog: InDialog) => ReactNode
  rotating?: (token: TokenView, dialog: InDialog) => ReactNode
  revoke: (id: string) => Promise<unknown>
}

/** A page of tokens, whosever they are: made, shown once, rotated where that can be, revoked. */
export function TokensList({ title, about, tokens, empty, creating, rotating, revoke }: Props) {
  const router = useRouter()
  const [isCreating, setIsCreating] = useState(false)
  const [toRotate, setToRotate] = useState<TokenView | null>(null)
  const [toRevoke, setToRevoke] = useState<TokenView | null>(null)
  const [made, setMade] = useState<NewToken | null>(null)
  const onClose = () => {
    setIsCreating(false)
    setToRotate(null)
  }
  const onMade = (token: NewToken) => {
    onClose()
    setMade(token)
    router.refresh()
  }
  const create = (
    <Button look="primary" onClick={() => setIsCreating(true)}>
      <Plus size={16} aria-hidden /> Create token
    </Button>
  )
  return (
    <>
      <PageHeader title={title} actions={create}>
        {about} <ApiLink />
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
          <EmptyState title={empty.title} action={create}>
            {empty.about}
          </EmptyState>
        ) : (
          <TokensTable tokens={tokens} onRotate={rotating ? setToRotate : null} onRevoke={setToRevoke} />
        )}
      </div>
      {isCreating && creating({ onClose, onMade })}
      {toRotate && rotating?.(toRotate, { onClose, onMade })}
      {toRevoke && (
        <ConfirmDialog
          title={`Revoke ${toRevoke.name}?`}
          description="Whatever uses it is refused from the next request on. This cannot be undone."
          confirm="Revoke token"
          look="danger"
          onConfirm={async () => {
            await revoke(toRevoke.id)
            toast.done(`Revoked ${toRevoke.name}`)
            setToRevoke(null)
            router.refresh()
          }}
          onClose={() => setToRevoke(null)}
        />
      )}
    </>
  )
}
