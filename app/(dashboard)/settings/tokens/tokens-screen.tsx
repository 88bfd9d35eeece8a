'use client'
import type { PlaceProject } from '@/app/_components/people/places'
import { TokensList } from '@/app/_components/people/tokens-list'
import type { RoleDefinition, TokenView } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'
import { CreateTokenDialog } from './create-token-dialog'
import { RotateDialog } from './rotate-dialog'

type Props = { tokens: TokenView[]; roles: RoleDefinition[]; projects: PlaceProject[] }

export function TokensScreen({ tokens, roles, projects }: Props) {
  return (
    <TokensList
      title="Service tokens"
      about="For machines: automation, an identity provider, a pipeline. Each holds roles of its own."
      tokens={tokens}
      empty={{
        title: 'No machine has access',
        about: 'Create a token for the API, with just the role that the machine needs.',
      }}
      creating={({ onClose, onMade }) => (
        <CreateTokenDialog roles={roles} projects={projects} onClose={onClose} onCreated={onMade} />
      )}
      rotating={(token, { onClose, onMade }) => (
        <RotateDialog token={token} onClose={onClose} onRotated={onMade} />
      )}
      revoke={peopleApi.revokeToken}
    />
  )
}
