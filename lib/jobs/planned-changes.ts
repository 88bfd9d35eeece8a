import { and, asc, eq, sql } from 'drizzle-orm'
import { proposals } from '@/db/changes'
import { db } from '@/db/client'
import { environments, projects } from '@/db/schema'
import { actorNow } from '@/lib/auth/actor-now'
import { holdProposal, publishPlanned } from '@/lib/control/changes/proposals'
import { systemContext } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import { log } from '@/lib/log'
import { metrics } from '@/lib/metrics/metrics'

const LOOK_MS = 250 // a change is at most this late, and what it takes
const AT_ONCE = 20

/** What is due by the clock of the database, oldest first. */
function due() {
  return db()
    .select({
      proposal: proposals.id,
      author: proposals.author,
      project: projects.key,
      environment: environments.key,
      /** Seconds since its time, when it was read. */
      late: sql<number>`extract(epoch from clock_timestamp() - ${proposals.at})::float8`,
    })
    .from(proposals)
    .innerJoin(projects, eq(projects.id, proposals.projectId))
    .innerJoin(environments, eq(environments.id, proposals.environmentId))
    .where(and(eq(proposals.status, 'scheduled'), sql`${proposals.at} <= now()`))
    .orderBy(asc(proposals.at))
    .limit(AT_ONCE)
}

type Due = Awaited<ReturnType<typeof due>>[number]

/** For its author, with what that one may do now. What is refused is held, with the reason; what is busy comes again. */
async function publish({ author, late, ...place }: Due): Promise<void> {
  const readAt = performance.now()
  const context = { ...systemContext(place.proposal), route: 'planned' }
  try {
    const actor = await actorNow(author)
    if (!actor) throw new ControlError('forbidden', 'its author is gone: somebody else must publish this')
    await publishPlanned({ ...context, actor }, place)
    metrics().plannedLate.observe(late + (performance.now() - readAt) / 1_000)
  } catch (error) {
    if (!(error instanceof ControlError) || error.kind === 'busy') throw error
    await holdProposal(context, { ...place, problem: error.message.slice(0, 2_000) })
  }
}

/** In an order of this node's own: several that begin with the same one would wait for each other. */
const shuffled = (all: Due[]) =>
  all
    .map((one) => ({ one, by: Math.random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ one }) => one)

async function publishDue(): Promise<void> {
  for (const planned of shuffled(await due()))
    await publish(planned).catch((err) =>
      log.error({ err, proposal: planned.proposal }, 'a planned change failed'),
    )
}

/**
 * Publishes planned changes at their time. Any number of nodes may do so: each change is locked while it is published, and
 * the others find it done.
 *
 * @returns how to stop, once what is under way is done
 */
export function startPlannedChanges(): () => Promise<void> {
  let working: Promise<void> | null = null
  let reported = false
  const look = () => {
    working ??= publishDue()
      .then(() => {
        reported = false
      })
      .catch((err) => {
        if (!reported) log.warn({ err }, 'planned changes wait: the database does not answer')
        reported = true
      })
      .finally(() => {
        working = null
      })
  }
  const timer = setInterval(look, LOOK_MS)
  return async () => {
    clearInterval(timer)
    await working
  }
}
