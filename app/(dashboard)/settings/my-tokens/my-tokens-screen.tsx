'use client'
import { TokensList } from '@/app/_components/people/tokens-list'
import type { TokenView } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'
import { CreateMyTokenDialog } from './create-my-token-dialog'

export function MyTokensScreen({ tokens }: { tokens: TokenView[] }) {
  return (
    <TokensList
      title="Personal tokens"
      about="They act as you, with your roles as they are at the time, and end after 90 days."
      tokens={tokens}
      empty={{
        title: 'You have no tokens',
        about: 'A token lets a script on your machine do what you may do, or a part of it.',
      }}
      creating={({ onClose, onMade }) => <CreateMyTokenDialog onClose={onClose} onCreated={onMade} />}
      revoke={peopleApi.revokeMyToken}
    />
  )
}
