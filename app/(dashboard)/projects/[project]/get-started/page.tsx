import type { Metadata } from 'next'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listFlags } from '@/lib/control/flag-lists'
import { getFlag } from '@/lib/control/flags'
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
  const chosen = search.flag
  const [project, flags, flag] = await orNotFound(
    Promise.all([
      getProject(ctx, { project: key }),
      listFlags(ctx, { project: key, limit: MOST_OFFERED }),
      typeof chosen === 'string' ? getFlag(ctx, { project: key, flag: chosen }).catch(() => null) : null,
    ]),
  )
  const environment =
    project.environments.find((candidate) => candidate.key === search.environment) ?? project.environments[0]!
  const place = { project: key, environment: environment.key }
  return (
    <GetStarted
      project={project}
      environment={environment}
      flags={flags.items.map(({ key: flagKey, name }) => ({ key: flagKey, name }))}
      flag={flag}
      may={{
        write: can(ctx.actor.grants, 'flag:write', inProject(key)),
        publish: can(ctx.actor.grants, 'flag:publish', place),
        keys: can(ctx.actor.grants, 'key:write', place),
      }}
      url={env.publicUrl}
    />
  )
}
