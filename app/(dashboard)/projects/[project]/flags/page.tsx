import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listFlags } from '@/lib/control/flag-lists'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { listViews } from '@/lib/control/saved-views'
import { paths } from '@/lib/paths'
import { FlagsScreen } from './flags-screen'
import { addressOf, givenViews, readState, stateOfView } from './list-state'
import { listedRow } from './listed-row'
import { parseSearch } from './search'

export const metadata: Metadata = { title: 'Flags' }

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function FlagsPage({ params, searchParams }: Props) {
  const [{ project: key }, given] = await Promise.all([params, searchParams])
  const state = readState(given)
  const ctx = await pageContext()
  const { q, archived, sort, cursor } = state
  const [project, views, flags] = await orNotFound(
    Promise.all([
      getProject(ctx, { project: key }),
      listViews(ctx, { project: key }),
      listFlags(ctx, { project: key, ...parseSearch(q), archived, sort, ...(cursor && { cursor }) }),
    ]),
  )
  if (Object.keys(given).length === 0 && views.starred !== 'all') {
    const starred = [...givenViews, ...views.items].find(({ id }) => id === views.starred)!
    redirect(addressOf(paths.flags({ project: key }), stateOfView(starred)))
  }
  const now = Date.now()
  const may = {
    write: can(ctx.actor.grants, 'flag:write', inProject(key)),
    publish: can(ctx.actor.grants, 'flag:publish', inProject(key)),
    kill: can(ctx.actor.grants, 'flag:kill', inProject(key)),
    manage: can(ctx.actor.grants, 'project:write', inProject(key)),
  }
  return (
    <FlagsScreen
      project={project}
      flags={{ ...flags, items: flags.items.map((flag) => listedRow(flag, now)) }}
      views={views}
      now={now}
      create={typeof given.create === 'string' ? given.create.slice(0, 128) : null}
      state={state}
      may={may}
    />
  )
}
