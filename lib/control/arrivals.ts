import { and, desc, eq, gt, isNull, ne, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/db/client'
import { environments, flags, sdkKeys } from '@/db/schema'
import { connections, evaluationCounts, refusedAsks } from '@/db/usage'
import { databaseTime } from './clock'
import { findEnvironment } from './environments'
import { query } from './operation'
import { ref } from './schemas'
import type { ArrivalsView, ConnectionsView, ConnectionView, RefusalView, UnknownFlagView } from './views'

const inEnvironment = { project: ref, environment: ref }

const ago = (interval: '15 seconds' | '10 minutes' | '1 day' | '7 days') => sql`now() - ${interval}::interval`
const alive = sql`(${gt(connections.at, ago('15 seconds'))})` // a node that lives renews its rows every 5 s
const MOST_CLIENTS = 200
const MOST_REFUSALS = 50
const MOST_UNKNOWN = 100

const iso = (at: Date | string | null) => (at === null ? null : new Date(at).toISOString())

/** Who has streams open, or has asked in the last ten minutes: by key and by what they call themselves. */
async function clientsOf(db: Db, environmentId: number): Promise<ConnectionView[]> {
  const open = sql<number>`(sum(${connections.open}) filter (where ${alive}))::int`
  const askedAt = sql<string | null>`max(${connections.askedAt})`
  const rows = await db
    .select({
      id: sdkKeys.id,
      name: sdkKeys.name,
      kind: sdkKeys.kind,
      client: connections.client,
      protocol: connections.protocol,
      open,
      current: sql<number>`(sum(${connections.current}) filter (where ${alive}))::int`,
      since: sql<
        string | null
      >`min(${connections.since}) filter (where ${alive} and ${connections.open} > 0)`,
      askedAt,
      version: sql<
        number | null
      >`min(${connections.version}) filter (where ${alive} and ${connections.open} > 0)`,
      nodes: sql<string[]>`array_agg(distinct split_part(${connections.node}, ' ', 1))`,
    })
    .from(connections)
    .innerJoin(sdkKeys, eq(sdkKeys.id, connections.keyId))
    .where(and(eq(connections.environmentId, environmentId), gt(connections.at, ago('10 minutes'))))
    .groupBy(sdkKeys.id, connections.client, connections.protocol)
    .having(sql`coalesce(${open}, 0) > 0 or ${askedAt} > ${ago('10 minutes')}`)
    .orderBy(sql`${open} desc nulls last`, sql`${askedAt} desc nulls last`, sdkKeys.name)
    .limit(MOST_CLIENTS)
  return rows.map(({ id, name, kind, open, current, since, askedAt, ...row }) => ({
    ...row,
    key: { id, name, kind },
    open: open ?? 0,
    current: current ?? 0,
    since: iso(since),
    askedAt: iso(askedAt),
  }))
}

/** Requests that were turned away: with keys of this environment, and with keys that nobody here knows. */
async function refusalsOf(
  db: Db,
  environmentId: number,
  within: '10 minutes' | '1 day',
): Promise<RefusalView[]> {
  const rows = await db
    .select({ refused: refusedAsks, key: { id: sdkKeys.id, name: sdkKeys.name } })
    .from(refusedAsks)
    .leftJoin(sdkKeys, eq(sdkKeys.id, refusedAsks.keyId))
    .where(
      and(
        gt(refusedAsks.at, ago(within)),
        or(eq(refusedAsks.keyId, ''), eq(sdkKeys.environmentId, environmentId)),
      ),
    )
    .orderBy(desc(refusedAsks.at))
    .limit(MOST_REFUSALS)
  return rows.map(({ refused: { reason, client, at }, key }) => ({
    reason,
    client,
    at: at.toISOString(),
    key,
  }))
}

/** Flags that applications ask for and do not get: there are none, they are archived, or they are kept from browsers. */
async function unknownFlags(
  db: Db,
  { id, projectId }: { id: number; projectId: number },
  within: '10 minutes' | '7 days',
): Promise<UnknownFlagView[]> {
  const at = sql<string>`max(coalesce(${evaluationCounts.toldAt}, ${evaluationCounts.minute}))`
  const rows = await db
    .select({
      flag: evaluationCounts.flag,
      count: sql<number>`sum(${evaluationCounts.count})::float8`,
      client: sql<string>`max(${evaluationCounts.client})`,
      archived: sql<boolean | null>`bool_or(${flags.archivedAt} is not null)`,
      exists: sql<boolean | null>`bool_or(${flags.id} is not null)`,
      at,
    })
    .from(evaluationCounts)
    .leftJoin(flags, and(eq(flags.projectId, projectId), eq(flags.key, evaluationCounts.flag)))
    .where(
      and(
        eq(evaluationCounts.environmentId, id),
        sql`${evaluationCounts.errorCode} = 'FLAG_NOT_FOUND'`, // a parameter would not meet the partial index
        gt(evaluationCounts.minute, ago(within)),
        or(
          isNull(flags.id),
          sql`${flags.archivedAt} is not null`,
          and(evaluationCounts.browser, eq(flags.browser, false)),
        ),
      ),
    )
    .groupBy(evaluationCounts.flag)
    .orderBy(desc(at))
    .limit(MOST_UNKNOWN)
  return rows.map(({ archived, exists, at, ...row }) => ({
    ...row,
    because: archived ? 'archived' : exists ? 'not_in_browsers' : 'unknown',
    at: iso(at)!,
  }))
}

/** Who is connected to an environment, who was turned away within a day, and what was asked for in vain within a week. */
export const getConnections = query({
  permission: 'key:read',
  input: z.strictObject(inEnvironment),
  run: async (db, input): Promise<ConnectionsView> => {
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const [clients, refusals, unknown] = await Promise.all([
      clientsOf(db, environment.id),
      refusalsOf(db, environment.id, '1 day'),
      unknownFlags(db, environment, '7 days'),
    ])
    return { clients, refusals, unknownFlags: unknown }
  },
})

/** The last evaluation of a flag that was heard of. */
async function lastEvaluation(
  db: Db,
  environmentId: number,
  flag: string,
): Promise<ArrivalsView['evaluation']> {
  const { variant, reason, errorCode, client, toldAt } = evaluationCounts
  const [row] = await db
    .select({ variant, reason, errorCode, client, toldAt })
    .from(evaluationCounts)
    .where(
      and(
        eq(evaluationCounts.environmentId, environmentId),
        eq(evaluationCounts.flag, flag),
        gt(toldAt, ago('1 day')),
        gt(evaluationCounts.minute, ago('1 day')),
      ),
    )
    .orderBy(desc(toldAt))
    .limit(1)
  if (!row) return null
  return {
    variant: row.variant || null,
    reason: row.reason,
    errorCode: row.errorCode || null,
    client: row.client,
    at: row.toldAt!.toISOString(),
  }
}

/** The other environments of the project that somebody is connected to. */
async function elsewhere(db: Db, projectId: number, environmentId: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ key: environments.key })
    .from(connections)
    .innerJoin(environments, eq(environments.id, connections.environmentId))
    .where(
      and(
        eq(environments.projectId, projectId),
        ne(environments.id, environmentId),
        isNull(environments.deletedAt),
        gt(connections.at, ago('10 minutes')),
        or(sql`(${alive} and ${connections.open} > 0)`, gt(connections.askedAt, ago('10 minutes'))),
      ),
    )
  return rows.map(({ key }) => key)
}

/** What has come from applications in the last ten minutes: for whoever connects the first one, and waits. */
export const getArrivals = query({
  permission: 'flag:read',
  input: z.strictObject({ ...inEnvironment, flag: ref.optional() }),
  run: async (db, input): Promise<ArrivalsView> => {
    const { environment, project } = await findEnvironment(db, input.project, input.environment)
    const [now, clients, refusals, unknown, others, evaluation] = await Promise.all([
      databaseTime(db),
      clientsOf(db, environment.id),
      refusalsOf(db, environment.id, '10 minutes'),
      unknownFlags(db, environment, '10 minutes'),
      elsewhere(db, project.id, environment.id),
      input.flag === undefined ? null : lastEvaluation(db, environment.id, input.flag),
    ])
    return {
      now: new Date(now).toISOString(),
      open: clients.reduce((sum, client) => sum + client.open, 0),
      clients: clients.map(({ client, protocol, open, askedAt }) => ({ client, protocol, open, askedAt })),
      refusals: refusals.map(({ reason, client, at }) => ({ reason, client, at })),
      unknownFlags: unknown.map(({ flag, because }) => ({ flag, because })),
      elsewhere: others,
      evaluation,
    }
  },
})
