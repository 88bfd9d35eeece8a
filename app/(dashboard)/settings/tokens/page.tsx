import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { pageContext } from '@/lib/auth/page'
import { listRoles } from '@/lib/control/people/custom-roles'
import { listTokens } from '@/lib/control/people/tokens'
import { listProjects } from '@/lib/control/projects'
import { can, INSTALLATION } from '@/lib/control/roles'
import { TokensScreen } from './tokens-screen'

export const metadata: Metadata = { title: 'Service tokens' }

export default async function TokensPage() {
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'token:write', INSTALLATION)) notFound()
  const [tokens, roles, projects] = await Promise.all([
    listTokens(ctx, {}),
    listRoles(ctx, {}),
    listProjects(ctx, {}),
  ])
  return <TokensScreen tokens={tokens.items} roles={roles.items} projects={projects.items} />
}
