import { and, asc, desc, eq, gt, ilike, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/db/client'
import { users } from '@/db/people'
import { environments, flags, projects } from '@/db/schema'
import { BOUNDS } from '@/lib/evaluation'
import { STALE_DAYS } from '@/lib/lifecycle'
import type { Ctx } from './context'
import { notFound } from './errors'
import { flagViews } from './flag-views'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { ref } from './schemas'
import type { FlagKeys, ListedFlag, Page } from './views'

const yesOrNo = z.union([z.boolean(), z.stringbool()])

/** What a list of flags is narrowed to. */
const search = {
  project: ref,
  q: z.string().max(200).optional(),
  tag: z.string().max(50).optional(),
  owner: z.string().max(200).optional(),
  /** Owned by who asks: by name or by e-mail address. */
  mine: yesOrNo.optional(),
  /** Not evaluated for 30 days anywhere, and older than that. */
  stale: yesOrNo.optional(),
  /** Where `is` is looked at; without it, anywhere. */
  environment: ref.optional(),
  /** `on` where it decides, `off` where it is turned off, `killed`; by default on or off alike. */
  is: z.enum(['on', 'off', 'killed']).optional(),
  archived: yesOrNo.default(false),
}

type Search = z.output<z.ZodObject<typeof search>>

const long = sql`now() - ${`${STALE_DAYS} days`}::interval`

/** Within these environments: one look at an index for each of them. */
const evaluatedSince = (within: SQL) => sql<boolean>`exists (
  select from evaluation_count c
  where c.environment_id = any(${within}) and c.flag = "flag"."key" and c.minute >= ${long})`

const killedIn = (within: SQL) => sql`exists (
  select from kill k where k.flag_id = "flag"."id" and k.environment_id = any(${within}))`

/** Turned on, or off, in one of these environments, and not killed there. */
const turnedIn = (within: SQL, on: boolean) => sql`exists (
  select from targeting t where t.flag_id = "flag"."id" and t.environment_id = any(${within}) and t."on" = ${on}
    and not exists (select from kill k where k.flag_id = t.flag_id and k.environment_id = t.environment_id))`

const isSo = {
  on: (within: SQL) => turnedIn(within, true),
  off: (within: SQL) => turnedIn(within, false),
  killed: killedIn,
} as const

const lastEvaluatedIn = (within: SQL) => sql<string | null>`(
  select max(last.minute) from unnest(${within}) e(id) cross join lateral (
    select c.minute from evaluation_count c
    where c.environment_id = e.id and c.flag = "flag"."key" order by c.minute desc limit 1
  ) last)`

/** By what whoever asks is known as an owner; nothing owns to a service. */
async function namesOf(db: Db, { actor }: Ctx): Promise<string[]> {
  if (actor.kind !== 'user') return []
  const rows = await db
    .select({ name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, actor.id))
  return rows.flatMap(({ name, email }) => [name.toLowerCase(), email.toLowerCase()])
}

async function scopeOf(db: Db, input: Search, ctx: Ctx) {
  const [rows, names] = await Promise.all([
    db
      .select({ project: projects.id, environment: environments.id, key: environments.key })
      .from(projects)
      .leftJoin(environments, and(eq(environments.projectId, projects.id), isNull(environments.deletedAt)))
      .where(eq(projects.key, input.project)),
    input.mine ? namesOf(db, ctx) : [],
  ])
  const [first] = rows
  if (!first) throw notFound('project', input.project)
  const ids = rows.flatMap(({ environment }) => environment ?? [])
  const within = sql`${`{${ids.join()}}`}::int[]`
  const here = rows.flatMap(({ environment, key }) =>
    environment === null || (input.environment ?? key) !== key ? [] : environment,
  )
  const words = `%${input.q?.replace(/[\\%_]/g, '\\$&')}%`
  const isStale = sql<boolean>`(${flags.createdAt} < ${long} and not ${evaluatedSince(within)})`
  const filter = and(
    eq(flags.projectId, first.project),
    input.archived ? isNotNull(flags.archivedAt) : isNull(flags.archivedAt),
    input.q
      ? or(ilike(flags.key, words), ilike(flags.name, words), ilike(flags.description, words))
      : undefined,
    input.tag ? sql`${input.tag} = any(${flags.tags})` : undefined,
    input.owner ? sql`lower(${flags.owner}) = ${input.owner.toLowerCase()}` : undefined,
    input.mine ? inArray(sql`lower(${flags.owner})`, names.length > 0 ? names : ['']) : undefined,
    input.stale === undefined ? undefined : eq(isStale, input.stale),
    here.length === 0 && input.environment !== undefined ? sql`false` : undefined, // no such place, no flags there
    input.is === undefined ? undefined : isSo[input.is](sql`${`{${here.join()}}`}::int[]`),
  )
  return { filter, lastEvaluated: lastEvaluatedIn(within) }
}

const exact = (time: SQL) => sql<string>`to_char(${time} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** What a list is ordered by, as text that compares as it does. Keys order what is alike. */
const orders = {
  key: () => ({ by: sql<string>`''`, descending: false }),
  name: () => ({ by: sql<string>`lower(${flags.name})`, descending: false }),
  newest: () => ({ by: exact(sql`${flags.createdAt}`), descending: true }),
  oldest: () => ({ by: exact(sql`${flags.createdAt}`), descending: false }),
  evaluated: (last: SQL) => ({ by: sql<string>`coalesce(${exact(last)}, '')`, descending: true }),
  silent: (last: SQL) => ({ by: sql<string>`coalesce(${exact(last)}, '')`, descending: false }),
} as const satisfies Record<string, (lastEvaluated: SQL) => { by: SQL<string>; descending: boolean }>

export type FlagOrder = keyof typeof orders

const position = z.tuple([z.string(), z.string()])

export const listFlags = query({
  permission: 'flag:read',
  input: z.strictObject({
    ...search,
    sort: z.enum(Object.keys(orders) as [FlagOrder, ...FlagOrder[]]).default('key'),
    ...paging,
  }),
  run: async (db, input, ctx): Promise<Page<ListedFlag>> => {
    const { filter, lastEvaluated } = await scopeOf(db, input, ctx)
    const { by, descending } = orders[input.sort](lastEvaluated)
    const after = readCursor(input.cursor, position)
    const beyond =
      after &&
      or(descending ? lt(by, after[0]) : gt(by, after[0]), and(eq(by, after[0]), gt(flags.key, after[1])))
    const [rows, [counted]] = await Promise.all([
      db
        .select({ flag: flags, lastEvaluated, by })
        .from(flags)
        .where(and(filter, beyond ?? undefined))
        .orderBy(...(input.sort === 'key' ? [] : [descending ? desc(by) : asc(by)]), asc(flags.key))
        .limit(input.limit + 1),
      db.select({ total: sql<number>`count(*)::int` }).from(flags).where(filter),
    ])
    const shown = rows.slice(0, input.limit)
    const found = await flagViews(
      db,
      shown.map(({ flag }) => flag),
    )
    const views = new Map(found.map((flag) => [flag.key, flag]))
    return page(
      rows,
      input.limit,
      counted?.total ?? 0,
      ({ flag, lastEvaluated: at }) => ({
        ...views.get(flag.key)!,
        lastEvaluatedAt: at === null ? null : new Date(at).toISOString(),
      }),
      ({ flag, by: value }) => [value, flag.key],
    )
  },
})

/** The keys of all that a search finds: what to do something with, however many pages they are. */
export const listFlagKeys = query({
  permission: 'flag:read',
  input: z.strictObject(search),
  run: async (db, input, ctx): Promise<FlagKeys> => {
    const { filter } = await scopeOf(db, input, ctx)
    const rows = await db
      .select({ key: flags.key })
      .from(flags)
      .where(filter)
      .orderBy(asc(flags.key))
      .limit(BOUNDS.flags)
    return { keys: rows.map(({ key }) => key) }
  },
})
