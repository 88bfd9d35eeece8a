import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '@/db/client'
import { flags, projects } from '@/db/schema'
import type { Ctx } from './context'
import { ControlError, notFound } from './errors'
import { archiveFlag, type FlagRow, restoreFlag, updateFlag } from './flags'
import { action } from './operation'
import { flagFields, ref } from './schemas'
import type { BulkOutcome, BulkView } from './views'

/** Of flags in one request: each is a change of its own. */
const MOST_AT_ONCE = 50
const MOST_TAGS = 20
const LAST_MS = 2_000 // before nobody waits any more: what is not begun by then is handed back

const tag = flagFields.tags.element

const work = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('archive') }),
  z.strictObject({ action: z.literal('restore') }),
  z.strictObject({ action: z.literal('tag'), tag }),
  z.strictObject({ action: z.literal('untag'), tag }),
  z.strictObject({ action: z.literal('owner'), owner: flagFields.owner }),
])

type Work = z.output<typeof work>

/** What is to be said of a flag from now on; null: it is said already. */
function edited(work: Work, { tags, owner }: FlagRow): { tags: string[] } | { owner: string | null } | null {
  if (work.action === 'tag') return tags.includes(work.tag) ? null : { tags: [...tags, work.tag] }
  if (work.action === 'untag')
    return tags.includes(work.tag) ? { tags: tags.filter((other) => other !== work.tag) } : null
  return work.action === 'owner' && work.owner !== owner ? { owner: work.owner } : null
}

const archiving = {
  archive: { operation: archiveFlag, to: true },
  restore: { operation: restoreFlag, to: false },
}

type Where = { project: string; flag: string; confirm?: readonly string[] }

/** Whether it changed anything. */
async function doOne(ctx: Ctx, where: Where, row: FlagRow, work: Work): Promise<boolean> {
  if (work.action === 'archive' || work.action === 'restore') {
    const { operation, to } = archiving[work.action]
    if ((row.archivedAt !== null) === to) return false
    await operation.answer(ctx, where)
    return true
  }
  const edit = edited(work, row)
  if (!edit) return false
  if ('tags' in edit && edit.tags.length > MOST_TAGS)
    throw new ControlError('invalid', `it has ${MOST_TAGS} tags: take one away first`)
  const { project, flag } = where
  await updateFlag({ ...ctx, ifMatch: [String(row.version)] }, { project, flag, ...edit })
  return true
}

async function outcomeOf(ctx: Ctx, where: Where, row: FlagRow | undefined, work: Work): Promise<BulkOutcome> {
  const { flag } = where
  try {
    if (!row) throw notFound('flag', flag, `project "${where.project}"`)
    const { tags, owner } = row
    return { flag, changed: await doOne(ctx, where, row, work), before: { tags, owner } }
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    return { flag, problem: error.message }
  }
}

/**
 * Does one thing with each of some flags, as if it had been asked for one by one: with its own audit entry and its own
 * refusal, by one request. Asked again, it changes nothing.
 */
export const changeFlags = action({
  permission: 'flag:write',
  input: z.strictObject({
    project: ref,
    flags: z
      .array(ref)
      .min(1, 'name at least one flag')
      .max(MOST_AT_ONCE, `at most ${MOST_AT_ONCE} flags at once`),
    do: work,
    /** Protected environments that it is meant for. */
    confirm: z.array(ref).max(50).optional(),
  }),
  run: async ({ project, do: work, confirm, ...input }, ctx): Promise<BulkView> => {
    const keys = [...new Set(input.flags)]
    const rows = await db()
      .select({ flag: flags })
      .from(flags)
      .innerJoin(projects, eq(projects.id, flags.projectId))
      .where(and(eq(projects.key, project), inArray(flags.key, keys)))
    const byKey = new Map(rows.map(({ flag }) => [flag.key, flag]))
    const each = { ...ctx, ifMatch: null, idempotencyKey: null }
    const outcomes: BulkOutcome[] = []
    for (const flag of keys) {
      if (outcomes.length > 0 && performance.now() > ctx.deadline - LAST_MS) break
      const where = { project, flag, ...(confirm && { confirm }) }
      outcomes.push(await outcomeOf(each, where, byKey.get(flag), work))
    }
    return { outcomes, left: keys.slice(outcomes.length) }
  },
})
