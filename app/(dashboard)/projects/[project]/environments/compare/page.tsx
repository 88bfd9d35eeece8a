import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { compareEnvironments } from '@/lib/control/compare'
import { getProject } from '@/lib/control/projects'
import { can } from '@/lib/control/roles'
import { CompareScreen } from './compare-screen'

export const metadata: Metadata = { title: 'Compare environments' }

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<{ from?: string; to?: string; all?: string; q?: string; cursor?: string }>
}

export default async function ComparePage({ params, searchParams }: Props) {
  const [{ project: key }, search] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  const project = await orNotFound(getProject(ctx, { project: key }))
  const { environments } = project
  // The last is where customers are, and the one before it is where changes are tried.
  const to = environments.find((one) => one.key === (search.to ?? environments.at(-1)!.key))
  const others = environments.filter((one) => one !== to)
  const from = search.from ? environments.find((one) => one.key === search.from) : (others.at(-1) ?? to)
  if (!from || !to) notFound()
  const all = search.all === 'yes'
  const q = search.q ?? ''
  const flags = await orNotFound(
    compareEnvironments(ctx, {
      project: key,
      from: from.key,
      to: to.key,
      all,
      ...(q && { q }),
      cursor: search.cursor,
    }),
  )
  const place = { project: key, environment: to.key }
  return (
    <CompareScreen
      key={`${from.key} ${to.key}`}
      project={project}
      from={from}
      to={to}
      flags={flags}
      search={{ all, q, cursor: search.cursor }}
      may={{
        write: can(ctx.actor.grants, 'flag:write', place),
        publish: can(ctx.actor.grants, 'flag:publish', place),
      }}
    />
  )
}
