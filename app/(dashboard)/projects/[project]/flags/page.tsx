import type { Metadata } from 'next'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listFlags } from '@/lib/control/flags'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { FlagsScreen } from './flags-screen'
import { parseSearch } from './search'

export const metadata: Metadata = { title: 'Flags' }

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<{ q?: string; archived?: string; cursor?: string; create?: string }>
}

export default async function FlagsPage({ params, searchParams }: Props) {
  const { project: key } = await params
  const { q = '', archived, cursor, create } = await searchParams
  const ctx = await pageContext()
  const [project, flags] = await orNotFound(
    Promise.all([
      getProject(ctx, { project: key }),
      listFlags(ctx, { project: key, ...parseSearch(q), archived: archived === 'yes', cursor }),
    ]),
  )
  const may = {
    write: can(ctx.actor.grants, 'flag:write', inProject(key)),
    publish: can(ctx.actor.grants, 'flag:publish', inProject(key)),
    kill: can(ctx.actor.grants, 'flag:kill', inProject(key)),
  }
  return (
    <FlagsScreen
      project={project}
      flags={flags}
      now={Date.now()}
      create={typeof create === 'string' ? create.slice(0, 128) : null}
      search={{ q, archived: archived === 'yes', cursor }}
      may={may}
    />
  )
}
