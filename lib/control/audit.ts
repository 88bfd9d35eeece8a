import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { auditEntries, projects } from '@/db/schema'
import { notFound } from './errors'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { ref } from './schemas'
import type { AuditView, Page } from './views'

function view(row: typeof auditEntries.$inferSelect): AuditView {
  const { id, actor, action, target, environment, before, after, reason, versions, requestId } = row
  return {
    id,
    at: row.at.toISOString(),
    actor,
    action,
    target,
    environment,
    before,
    after,
    reason,
    versions,
    requestId,
  }
}

/** Who changed what, newest first. */
export const listAudit = query({
  permission: 'audit:read',
  input: z.strictObject({
    project: ref,
    environment: ref.optional(),
    action: z.string().max(100).optional(),
    target: z.string().max(200).optional(),
    actor: z.string().max(200).optional(),
    ...paging,
  }),
  run: async (db, input): Promise<Page<AuditView>> => {
    const [project] = await db.select().from(projects).where(eq(projects.key, input.project))
    if (!project) throw notFound('project', input.project)
    const filter = and(
      eq(auditEntries.projectId, project.id),
      input.environment === undefined ? undefined : eq(auditEntries.environment, input.environment),
      input.action === undefined ? undefined : eq(auditEntries.action, input.action),
      input.target === undefined ? undefined : eq(auditEntries.target, input.target),
      input.actor === undefined ? undefined : sql`${auditEntries.actor} ->> 'id' = ${input.actor}`,
    )
    const before = readCursor<number>(input.cursor, 'number')
    const [rows, [counted]] = await Promise.all([
      db
        .select()
        .from(auditEntries)
        .where(and(filter, before === null ? undefined : lt(auditEntries.id, before)))
        .orderBy(desc(auditEntries.id))
        .limit(input.limit + 1),
      db.select({ total: sql<number>`count(*)::int` }).from(auditEntries).where(filter),
    ])
    return page(rows, input.limit, counted?.total ?? 0, view, (row) => row.id)
  },
})
