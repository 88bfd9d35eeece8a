import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/db/client'
import { configId } from '@/db/config-log'
import { users } from '@/db/people'
import { auditEntries, auditHeads, configVersions, environments, projects } from '@/db/schema'
import { namesOf } from './actor-names'
import { INSTALLATION_CHAIN } from './audit-chain'
import type { Ctx } from './context'
import { notFound } from './errors'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { can, INSTALLATION, inProject, type Place } from './roles'
import { ref } from './schemas'
import type { AuditView, Page } from './views'

const EXPORT_PAGE = 50 // entries in memory at once: one may hold the whole targeting of a flag, twice

type Entry = typeof auditEntries.$inferSelect
type Row = { entry: Entry; project: string | null }

const word = (most: number) => z.string().trim().max(most).optional()
const instant = z.iso
  .datetime({ offset: true, message: 'use an RFC 3339 time such as 2027-01-31T09:00:00Z' })
  .optional()

/** What narrows a list of entries down; an empty text is no filter. */
const filters = {
  environment: ref.or(z.literal('')).optional(),
  /** The action or its beginning: `flag.` is everything about flags. */
  action: word(100),
  target: word(200),
  /** Id of a person, token or `system`. */
  actor: word(200),
  /** From this time on. */
  from: instant,
  /** Before this time. */
  to: instant,
  /** Words in target, action, reason or the name of who did it; or the whole id of a request. */
  q: word(200),
}

const ofInstallation = { ...filters, scope: z.enum(['installation', 'all']).default('installation') }
const ofProject = { ...filters, project: ref }

type Filters = { [name in keyof typeof filters]?: string | undefined }

const holds = (column: SQL | typeof auditEntries.target, text: string) =>
  sql`strpos(lower(${column}), lower(${text})) > 0`

function containing(db: Db, text: string): SQL {
  const people = db
    .select({ id: users.id })
    .from(users)
    .where(holds(sql`${users.name}`, text))
  return sql`(${holds(auditEntries.target, text)} or ${holds(sql`${auditEntries.action}`, text)}
    or ${holds(sql`${auditEntries.reason}`, text)} or ${auditEntries.requestId} = ${text}
    or ${holds(sql`(${auditEntries.actor} ->> 'name')`, text)}
    or ${inArray(sql`(${auditEntries.actor} ->> 'id')`, people)})`
}

function matching(db: Db, { environment, action, target, actor, from, to, q }: Filters): SQL | undefined {
  return and(
    environment ? eq(auditEntries.environment, environment) : undefined,
    action ? sql`starts_with(${auditEntries.action}, ${action})` : undefined,
    target ? eq(auditEntries.target, target) : undefined,
    actor ? sql`${auditEntries.actor} ->> 'id' = ${actor}` : undefined,
    from ? gte(auditEntries.at, new Date(from)) : undefined,
    to ? lt(auditEntries.at, new Date(to)) : undefined,
    q ? containing(db, q) : undefined,
  )
}

/** What some entries published: entry id -> environment key -> config id. */
export async function publishedBy(
  db: Db,
  rows: readonly Pick<Entry, 'id'>[],
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

/** Addresses and sessions are for those who manage members; what was done is for everyone who may read it. */
const seesOrigins = (ctx: Ctx, place: Place) => can(ctx.actor.grants, 'member:write', place)

async function views(db: Db, rows: readonly Row[], withOrigin: boolean): Promise<AuditView[]> {
  const entries = rows.map(({ entry }) => entry)
  const actors = entries.map(({ actor }) => actor)
  const [versions, named] = await Promise.all([publishedBy(db, entries), namesOf(db, actors)])
  return rows.map(({ entry, project }) => {
    const { id, action, target, environment, before, after, reason, requestId, seq, hash } = entry
    const { ip, userAgent, via } = entry
    return {
      id,
      at: entry.at.toISOString(),
      actor: named(entry.actor),
      action,
      target,
      project,
      environment,
      before,
      after,
      reason,
      versions: versions.get(id)!,
      requestId,
      seq,
      hash,
      origin: withOrigin ? { ip, userAgent, via } : null,
    }
  })
}

/** One entry, with all that is known of it. */
export async function entryView(db: Db, id: number): Promise<AuditView> {
  return (await views(db, await rowsOf(db).where(eq(auditEntries.id, id)), true))[0]!
}

const rowsOf = (db: Db) =>
  db
    .select({ entry: auditEntries, project: projects.key })
    .from(auditEntries)
    .leftJoin(projects, eq(projects.id, auditEntries.projectId))

type Paging = { cursor?: string | undefined; limit: number }

async function newest(
  db: Db,
  filter: SQL | undefined,
  { cursor, limit }: Paging,
  withOrigin: boolean,
): Promise<Page<AuditView>> {
  const before = readCursor(cursor, z.int())
  const [rows, [counted]] = await Promise.all([
    rowsOf(db)
      .where(and(filter, before === null ? undefined : lt(auditEntries.id, before)))
      .orderBy(desc(auditEntries.id))
      .limit(limit + 1),
    db.select({ total: sql<number>`count(*)::int` }).from(auditEntries).where(filter),
  ])
  const shown = await views(db, rows, withOrigin)
  return page(
    shown,
    limit,
    counted?.total ?? 0,
    (view) => view,
    (view) => view.id,
  )
}

/** Entries that match, oldest first, each a line of JSON; then one with the ends of the chains as they were at the start. */
async function* lines(
  db: Db,
  filter: SQL | undefined,
  chain: SQL | undefined,
  withOrigin: boolean,
): AsyncGenerator<string> {
  const heads = await db
    .select({ chain: auditHeads.chain, seq: auditHeads.seq, hash: auditHeads.hash })
    .from(auditHeads)
    .where(chain)
    .orderBy(asc(auditHeads.chain))
  const ends = new Map(heads.map(({ chain, seq }) => [chain, seq]))
  const isLater = ({ projectId, seq }: Entry) =>
    seq !== null && seq > (ends.get(projectId ?? INSTALLATION_CHAIN) ?? 0)
  const [newest] = await db.select({ id: sql<string>`coalesce(max(id), 0)::text` }).from(auditEntries)
  const until = Number(newest!.id)
  let entries = 0
  for (let after = 0; ; ) {
    const rows = await rowsOf(db)
      .where(and(filter, gt(auditEntries.id, after), lte(auditEntries.id, until)))
      .orderBy(asc(auditEntries.id))
      .limit(EXPORT_PAGE)
    const known = rows.filter(({ entry }) => !isLater(entry))
    for (const view of await views(db, known, withOrigin)) {
      entries++
      yield JSON.stringify(view)
    }
    const last = rows.at(-1)
    if (!last || rows.length < EXPORT_PAGE) break
    after = last.entry.id
  }
  yield JSON.stringify({ end: true, entries, heads })
}

async function projectId(db: Db, key: string): Promise<number> {
  const [project] = await db.select().from(projects).where(eq(projects.key, key))
  if (!project) throw notFound('project', key)
  return project.id
}

/** Who changed what in a project, newest first. */
export const listAudit = query({
  permission: 'audit:read',
  input: z.strictObject({ ...ofProject, ...paging }),
  run: async (db, input, ctx): Promise<Page<AuditView>> => {
    const mine = eq(auditEntries.projectId, await projectId(db, input.project))
    return newest(db, and(mine, matching(db, input)), input, seesOrigins(ctx, inProject(input.project)))
  },
})

/** The same as lines of JSON, all that match. */
export const exportAudit = query({
  permission: 'audit:read',
  input: z.strictObject(ofProject),
  run: async (db, input, ctx): Promise<AsyncIterable<string>> => {
    const id = await projectId(db, input.project)
    const filter = and(eq(auditEntries.projectId, id), matching(db, input))
    return lines(db, filter, eq(auditHeads.chain, id), seesOrigins(ctx, inProject(input.project)))
  },
})

/** What happened to the installation itself, or everywhere (`scope: 'all'`), newest first. */
export const listInstallationAudit = query({
  permission: 'audit:read',
  input: z.strictObject({ ...ofInstallation, ...paging }),
  run: async (db, input, ctx): Promise<Page<AuditView>> => {
    const mine = input.scope === 'all' ? undefined : isNull(auditEntries.projectId)
    return newest(db, and(mine, matching(db, input)), input, seesOrigins(ctx, INSTALLATION))
  },
})

/** The same as lines of JSON, all that match. */
export const exportInstallationAudit = query({
  permission: 'audit:read',
  input: z.strictObject(ofInstallation),
  run: async (db, input, ctx): Promise<AsyncIterable<string>> => {
    const all = input.scope === 'all'
    const filter = and(all ? undefined : isNull(auditEntries.projectId), matching(db, input))
    const chain = all ? undefined : eq(auditHeads.chain, INSTALLATION_CHAIN)
    return lines(db, filter, chain, seesOrigins(ctx, INSTALLATION))
  },
})
