import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/db/client'
import { configId } from '@/db/config-log'
import { auditEntries, configVersions, environments, projects } from '@/db/schema'
import { notFound } from './errors'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { ref } from './schemas'
import type { AuditView, Page } from './views'

type Row = typeof auditEntries.$inferSelect

function view(row: Row, versions: Record<string, string>): AuditView {
  const { id, actor, action, target, environment, before, after, reason, requestId } = row
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

/** What some entries published: entry id -> environment key -> config id. */
export async function publishedBy(
  db: Db,
  rows: readonly Pick<Row, 'id'>[],
): Promise<Map<number, Record<string, string>>> {
  const found = new Map<number, Record<string, string>>(rows.map(({ id }) => [id, {}]))
  if (rows.length === 0) return found
  const versions = await db
    .select({ version: configVersions, environment: environments.key })
    .from(configVersions)
    .innerJoin(environments, eq(environments.id, configVersions.environmentId))
    .where(inArray(configVersions.auditId, [...found.keys()]))
  for (const { version, environment } of versions)
    found.get(version.auditId)![environment] = configId(version)
  return found
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
    const before = readCursor(input.cursor, z.int())
    const [rows, [counted]] = await Promise.all([
      db
        .select()
        .from(auditEntries)
        .where(and(filter, before === null ? undefined : lt(auditEntries.id, before)))
        .orderBy(desc(auditEntries.id))
        .limit(input.limit + 1),
      db.select({ total: sql<number>`count(*)::int` }).from(auditEntries).where(filter),
    ])
    const versions = await publishedBy(db, rows)
    return page(
      rows,
      input.limit,
      counted?.total ?? 0,
      (row) => view(row, versions.get(row.id)!),
      (row) => row.id,
    )
  },
})
