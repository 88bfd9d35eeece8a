import type { Metadata } from 'next'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listProposals } from '@/lib/control/changes/rows'
import type { Ctx } from '@/lib/control/context'
import { getFlag } from '@/lib/control/flags'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { getSegment, getSegmentUses } from '@/lib/control/segments'
import { getTargeting } from '@/lib/control/targeting'
import type { ProjectView, ProposalView, SegmentBody, Targeting } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { describeSegmentChanges } from '@/lib/describe-segment'
import { ApprovalsScreen, type Listed } from './approvals-screen'
import { isPending } from './pending'

export const metadata: Metadata = { title: 'Approvals' }

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<{ all?: string; cursor?: string }>
}

const others: Record<string, (input: Record<string, unknown>) => string> = {
  lift: ({ flag }) => `Lift the kill of ${flag}`,
  flag: ({ flag, ...fields }) => `Change ${Object.keys(fields).join(' and ')} of ${flag}`,
  archive: ({ flag }) => `Archive ${flag}`,
  restore: ({ flag }) => `Bring ${flag} back from the archive`,
  attributes: () => 'Change which attributes browsers may compare',
}

/** What a segment would be, beside what it is. */
async function describedSegment(ctx: Ctx, project: string, input: unknown): Promise<Listed['lines']> {
  const { segment: about, ...after } = input as SegmentBody & { segment: string }
  const now = await getSegment(ctx, { project, segment: about }).catch(() => null)
  if (!now) return [{ about: '', text: `Segment ${about} is gone` }]
  const changes = describeSegmentChanges(now, { ...now, ...after })
  const lines = changes.length > 0 ? changes.map(({ text }) => text) : ['Nothing: it is so already']
  return lines.map((text) => ({ about, text, isSegment: true }))
}

/** Flags that get other targeting, as they are and as they would be. */
async function targetingsOf(
  ctx: Ctx,
  project: string,
  proposal: ProposalView,
): Promise<Listed['targetings']> {
  const { environment } = proposal
  const compared = await Promise.all(
    proposal.changes.map(async ({ op, input }) => {
      if (op !== 'targeting') return []
      const flag = await getFlag(ctx, { project, flag: String(input.flag) }).catch(() => null)
      const now = flag?.environments[environment]
      if (!flag || !now) return []
      const before = targetingOf(now)
      const after = {
        prerequisites: [],
        targets: [],
        rules: [],
        ...(input as object),
      } as unknown as Targeting
      return {
        flag: flag.key,
        before,
        after: targetingOf({ ...now, ...after }),
        salt: now.salt,
        variants: Object.keys(flag.variants),
        killed: now.kill !== null,
      }
    }),
  )
  return compared.flat()
}

/** It changes the whole project: who approves it must be allowed to there. */
const isWide = ({ changes }: ProposalView) => changes.some(({ op }) => op !== 'targeting' && op !== 'lift')

/** The environments in which a proposal would be published. */
async function reachedBy(ctx: Ctx, { key, environments }: ProjectView, proposal: ProposalView) {
  const sets = await Promise.all(
    proposal.changes.map(async ({ op, input }) => {
      if (op === 'targeting' || op === 'lift') return [proposal.environment]
      if (op !== 'segment') return environments.map((environment) => environment.key)
      const uses = await getSegmentUses(ctx, { project: key, segment: String(input.segment) }).catch(
        () => null,
      )
      return uses?.environments ?? []
    }),
  )
  return environments.filter((environment) => sets.flat().includes(environment.key))
}

/** What a proposal would do, in words: to what is there now. */
async function described(ctx: Ctx, project: string, proposal: ProposalView): Promise<Listed['lines']> {
  const lines = await Promise.all(
    proposal.changes.map(async ({ op, input }) => {
      if (op === 'segment') return describedSegment(ctx, project, input)
      if (op !== 'targeting') return [{ about: '', text: others[op]!(input) }]
      const { flag, ...after } = input as unknown as Pick<Targeting, 'on' | 'offVariant' | 'fallthrough'> & {
        flag: string
      }
      const now = await getTargeting(ctx, { project, flag, environment: proposal.environment }).catch(
        () => null,
      )
      if (!now) return [{ about: flag, text: 'This flag is gone' }]
      const whole = { prerequisites: [], targets: [], rules: [], ...after }
      const changes = describeChanges(now, whole)
      return changes.length > 0
        ? changes.map(({ text }) => ({ about: flag, text }))
        : [{ about: flag, text: 'Nothing: it is so already' }]
    }),
  )
  return lines.flat()
}

export default async function ApprovalsPage({ params, searchParams }: Props) {
  const [{ project: key }, { all, cursor }] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  const [project, proposals] = await orNotFound(
    Promise.all([
      getProject(ctx, { project: key }),
      listProposals(ctx, { project: key, pending: all === undefined, cursor, limit: 20 }),
    ]),
  )
  const listed = await Promise.all(
    proposals.items.map(async (proposal): Promise<Listed> => {
      const place = { project: key, environment: proposal.environment }
      const isMine = proposal.author.kind === 'user' && proposal.author.id === ctx.actor.id
      return {
        proposal,
        environment: project.environments.find((row) => row.key === proposal.environment)!,
        reached: await reachedBy(ctx, project, proposal),
        lines: await described(ctx, key, proposal),
        targetings: isPending(proposal) ? await targetingsOf(ctx, key, proposal) : [],
        isMine,
        mayDecide:
          !isMine && can(ctx.actor.grants, 'flag:approve', isWide(proposal) ? inProject(key) : place),
        mayPublish: can(ctx.actor.grants, 'flag:publish', place),
      }
    }),
  )
  return (
    <ApprovalsScreen
      project={key}
      listed={listed.filter(({ environment }) => environment !== undefined)}
      total={proposals.total}
      all={all !== undefined}
      next={proposals.next}
    />
  )
}
