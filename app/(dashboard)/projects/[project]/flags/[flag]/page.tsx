import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { getSeenAttributes } from '@/lib/control/attributes'
import type { Ctx } from '@/lib/control/context'
import { getFlag } from '@/lib/control/flags'
import { getInsights, type InsightsRange } from '@/lib/control/insights'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { listSegmentNames } from '@/lib/control/segments'
import { getPropagation, listVersions } from '@/lib/control/versions'
import type { EnvironmentView, FlagView } from '@/lib/control/views'
import { env } from '@/lib/env'
import { parseId } from '@/lib/evaluation'
import type { FlagTab } from '@/lib/paths'
import { CodePanel } from './code-panel'
import { FlagScreen } from './flag-screen'
import { HistoryList } from './history-list'
import { InsightsPanel } from './insights/insights-panel'
import { SettingsForm } from './settings-form'

const TABS: readonly FlagTab[] = ['targeting', 'insights', 'history', 'settings', 'code']

const RANGES: readonly InsightsRange[] = ['hour', 'day', 'week', 'month']

type Props = {
  params: Promise<{ project: string; flag: string }>
  searchParams: Promise<{ environment?: string; tab?: string; cursor?: string; range?: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).flag }
}

async function connectedTo(ctx: Ctx, project: string, { key, configId }: EnvironmentView): Promise<number> {
  const version = parseId(configId)?.version ?? 0
  if (version < 1) return 0
  return (await getPropagation(ctx, { project, environment: key, version })).connected
}

export default async function FlagPage({ params, searchParams }: Props) {
  const [{ project: projectKey, flag: flagKey }, search] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  const [project, flag, segments, { attributes }] = await orNotFound(
    Promise.all([
      getProject(ctx, { project: projectKey }),
      getFlag(ctx, { project: projectKey, flag: flagKey }),
      listSegmentNames(ctx, { project: projectKey }),
      getSeenAttributes(ctx, { project: projectKey }),
    ]),
  )
  const environment = search.environment
    ? project.environments.find(({ key }) => key === search.environment)
    : project.environments[0]
  if (!environment || !flag.environments[environment.key]) notFound()
  const tab = TABS.find((candidate) => candidate === search.tab) ?? 'targeting'
  const may = {
    write: can(ctx.actor.grants, 'flag:write', inProject(projectKey)),
    publish: can(ctx.actor.grants, 'flag:publish', { project: projectKey, environment: environment.key }),
    kill: can(ctx.actor.grants, 'flag:kill', { project: projectKey, environment: environment.key }),
  }

  return (
    <FlagScreen
      key={environment.key}
      project={project}
      environment={environment}
      flag={flag}
      tab={tab}
      segments={segments.map(({ key }) => key)}
      seenAttributes={attributes}
      connected={await connectedTo(ctx, projectKey, environment)}
      may={may}
    >
      {tab === 'insights' && (
        <Insights
          ctx={ctx}
          flag={flag}
          project={projectKey}
          environment={environment}
          range={RANGES.find((candidate) => candidate === search.range) ?? 'day'}
        />
      )}
      {tab === 'history' && (
        <History
          ctx={ctx}
          flag={flag}
          project={projectKey}
          environment={environment}
          cursor={search.cursor}
        />
      )}
      {tab === 'settings' && <SettingsForm key={flag.version} project={projectKey} flag={flag} may={may} />}
      {tab === 'code' && (
        <CodePanel project={projectKey} environment={environment.key} flag={flag} url={env.publicUrl} />
      )}
    </FlagScreen>
  )
}

async function History({
  ctx,
  project,
  environment,
  flag,
  cursor,
}: {
  ctx: Ctx
  project: string
  environment: EnvironmentView
  flag: FlagView
  cursor: string | undefined
}) {
  const versions = await listVersions(ctx, { project, environment: environment.key, flag: flag.key, cursor })
  return (
    <HistoryList
      versions={versions}
      environment={environment}
      where={{ project, environment: environment.key, flag: flag.key }}
    />
  )
}

async function Insights({
  ctx,
  project,
  environment,
  flag,
  range,
}: {
  ctx: Ctx
  project: string
  environment: EnvironmentView
  flag: FlagView
  range: InsightsRange
}) {
  const where = { project, environment: environment.key, flag: flag.key }
  const insights = await getInsights(ctx, { ...where, range })
  return (
    <InsightsPanel
      where={where}
      environment={environment}
      variants={Object.keys(flag.variants)}
      range={range}
      insights={insights}
    />
  )
}
