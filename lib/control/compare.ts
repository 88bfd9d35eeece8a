import { and, asc, eq, gt, ilike, isNull, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { flags, targetings } from '@/db/schema'
import { findEnvironment } from './environments'
import { flagViews } from './flag-views'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { key, ref } from './schemas'
import type { ComparedFlag, Page } from './views'

const there = alias(targetings, 'there')

type Side = typeof targetings | typeof there

/** All that a targeting says besides its rules. */
const said = (of: Side) =>
  sql`(${of.on}, ${of.offVariant}, ${of.prerequisites}::text, ${of.targets}::text, ${of.fallthrough}::text)`

/** Rules are told apart by what they say: their ids are those of an environment. */
const ruled = (of: Side) => sql`regexp_replace(${of.rules}::text, '"id":"[^"]*"', '', 'g')`

/** Ids are taken out only where the rules differ with them: of ten thousand flags most have the same rules, or none. */
const differing = sql<boolean>`(
  ${said(there)} is distinct from ${said(targetings)}
  or (${there.rules}::text <> ${targetings.rules}::text and ${ruled(there)} <> ${ruled(targetings)}))`

/** Flags that do something else in one environment than in another, or all with `all`. Archived ones are left out. */
export const compareEnvironments = query({
  permission: 'flag:read',
  input: z.strictObject({
    project: ref,
    /** The environment that is the example. */
    from: ref,
    /** The environment that would be changed. */
    to: ref,
    all: z.boolean().default(false),
    q: z.string().max(200).optional(),
    ...paging,
  }),
  run: async (db, input): Promise<Page<ComparedFlag>> => {
    const [source, target] = await Promise.all([
      findEnvironment(db, input.project, input.from),
      findEnvironment(db, input.project, input.to),
    ])
    const differs = differing
    const words = `%${input.q?.replace(/[\\%_]/g, '\\$&')}%`
    const filter = and(
      eq(flags.projectId, target.project.id),
      isNull(flags.archivedAt),
      input.q ? or(ilike(flags.key, words), ilike(flags.name, words)) : undefined,
      input.all ? undefined : differs,
    )
    const after = readCursor(input.cursor, key)
    const here = and(eq(targetings.flagId, flags.id), eq(targetings.environmentId, target.environment.id))
    const example = and(eq(there.flagId, flags.id), eq(there.environmentId, source.environment.id))
    const [rows, [counted]] = await Promise.all([
      db
        .select({ flag: flags, differs })
        .from(flags)
        .innerJoin(targetings, here)
        .innerJoin(there, example)
        .where(and(filter, after === null ? undefined : gt(flags.key, after)))
        .orderBy(asc(flags.key))
        .limit(input.limit + 1),
      db
        .select({ total: sql<number>`count(*)::int` })
        .from(flags)
        .innerJoin(targetings, here)
        .innerJoin(there, example)
        .where(filter),
    ])
    const both = [source.environment.id, target.environment.id]
    const views = await flagViews(
      db,
      rows.map(({ flag }) => flag),
      both,
    )
    const compared = rows.map(({ differs }, i): ComparedFlag => {
      const { key, name, variants, environments } = views[i]!
      const [from, to] = [environments[input.from]!, environments[input.to]!]
      return { key, name, variants: Object.keys(variants), differs, from, to }
    })
    return page(
      compared,
      input.limit,
      counted?.total ?? 0,
      (flag) => flag,
      (flag) => flag.key,
    )
  },
})
