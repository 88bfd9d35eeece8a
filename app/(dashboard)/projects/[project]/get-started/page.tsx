import type { Metadata } from 'next'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listFlags } from '@/lib/control/flag-lists'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { env } from '@/lib/env'
import { GetStarted } from './get-started'

export const metadata: Metadata = { title: 'Get started' }

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<{ flag?: string; environment?: string }>
}

const MOST_OFFERED = 100 // in a menu

export default async function GetStartedPage({ params, searchParams }: Props) {
  const [{ project: key }, search] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  const [project, flags] = await orNotFound(
    Promise.all([getProject(ctx, { project: key }), listFlags(ctx, { project: key, limit: MOST_OFFERED })]),
  )
  const environment =
    project.environments.find((candidate) => candidate.key === search.environment) ?? project.environments[0]!
  const place = { project: key, environment: environment.key }
  return (
    <GetStarted
      project={project}
      environment={environment}
      flags={flags.items}
      flag={flags.items.find((candidate) => candidate.key === search.flag) ?? null}
      may={{
        write: can(ctx.actor.grants, 'flag:write', inProject(key)),
        publish: can(ctx.actor.grants, 'flag:publish', place),
        keys: can(ctx.actor.grants, 'key:write', place),
      }}
      url={env.publicUrl}
    />
  )
}
