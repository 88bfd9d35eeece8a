import { eq, sql } from 'drizzle-orm'
import { proposals } from '@/db/changes'
import type { Tx } from '@/db/client'
import type { AuditEntry } from '../audit-log'
import type { Ctx } from '../context'
import type { Locked } from '../locks'
import type { Outcome, Published } from '../mutation'
import type { ProposalView } from '../views'
import { makeChanges, type Where, withApproval } from './parts'
import { type Row, verdictsOn, viewOf } from './rows'
import { standingOf } from './standing'

/** One change reads in the history as if it had been made alone; several are one entry, by what they are about. */
function entryOf(
  row: Row,
  { environment }: Where,
  projectId: number,
  made: Awaited<ReturnType<typeof makeChanges>>['entries'],
): AuditEntry {
  const reason = row.comment || null
  const [first] = made
  if (made.length === 1) return { ...first!, projectId, environment, reason }
  const side = (which: 'before' | 'after') =>
    Object.fromEntries(made.map((entry) => [entry.target, entry[which]]))
  return {
    action: 'changes.publish',
    target: `proposal:${row.id}`,
    projectId,
    environment,
    before: side('before'),
    after: side('after'),
    reason,
  }
}

/** Makes the changes of a proposal, which is locked. `planned`: at its time, with nobody there to confirm. */
export async function publishRow(
  tx: Tx,
  row: Row,
  where: Where,
  { ctx, locked }: { ctx: Ctx; locked: Locked },
  { planned = false } = {},
): Promise<Outcome<ProposalView>> {
  const verdicts = await verdictsOn(tx, [row])
  const approvals = verdicts.filter(await standingOf(tx, [row], verdicts)).length
  const actor = approvals > 0 ? withApproval(ctx.actor, row.changes, where) : ctx.actor
  const { publish, entries } = await makeChanges(tx, row.changes, { ctx: { ...ctx, actor }, locked, where })
  const environment = locked.environments.find(({ key }) => key === where.environment)!
  const settle = async (published: Published) => {
    const [after] = await tx
      .update(proposals)
      .set({ status: 'published', published, problem: null, version: row.version + 1, updatedAt: sql`now()` })
      .where(eq(proposals.id, row.id))
      .returning()
    return viewOf(tx, after!, environment)
  }
  return {
    result: settle,
    audit: entryOf(row, where, locked.project.id, entries),
    publish,
    permit: { approvals, planned },
  }
}
