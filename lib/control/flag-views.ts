import { and, eq, getTableColumns, inArray, isNull } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { type ActorRef, environments, type flags, kills, targetings } from '@/db/schema'
import { calledNow } from './actor-names'
import type { FlagView, KillView, TargetingView } from './views'

type FlagRow = typeof flags.$inferSelect
type TargetingRow = typeof targetings.$inferSelect

/** What a kill is selected as: with the name that somebody has now. */
export const killColumns = { ...getTableColumns(kills), actor: calledNow(kills.actor) }
export type KillRow = Omit<typeof kills.$inferSelect, 'actor'> & { actor: ActorRef }

export function killView(row: KillRow): KillView {
  return { id: row.configId, reason: row.reason, actor: row.actor, at: row.at.toISOString() }
}

export function targetingView(row: TargetingRow, kill: KillRow | null): TargetingView {
  const { on, offVariant, prerequisites, targets, rules, fallthrough, salt, version } = row
  return {
    on,
    offVariant,
    prerequisites,
    targets,
    rules,
    fallthrough,
    salt,
    version,
    updatedAt: row.updatedAt.toISOString(),
    kill: kill && killView(kill),
  }
}

function flagView(row: FlagRow, environments: Record<string, TargetingView>): FlagView {
  const { key, name, type, variants, metadata, description, tags, owner, kind, browser, version } = row
  return {
    key,
    name,
    type,
    variants,
    metadata,
    description,
    tags,
    owner,
    kind,
    browser,
    version,
    createdAt: row.createdAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
    environments,
  }
}

/** Flags with what they do in each environment, or in some: two queries, however many. */
export async function flagViews(
  db: Db | Tx,
  rows: readonly FlagRow[],
  environmentIds?: readonly number[],
): Promise<FlagView[]> {
  if (rows.length === 0) return []
  const details = await db
    .select({ environment: environments.key, targeting: targetings, kill: killColumns })
    .from(targetings)
    .innerJoin(environments, eq(environments.id, targetings.environmentId))
    .leftJoin(
      kills,
      and(eq(kills.flagId, targetings.flagId), eq(kills.environmentId, targetings.environmentId)),
    )
    .where(
      and(
        inArray(
          targetings.flagId,
          rows.map((row) => row.id),
        ),
        isNull(environments.deletedAt),
        environmentIds && inArray(environments.id, [...environmentIds]),
      ),
    )
  const byFlag = new Map<number, Record<string, TargetingView>>(rows.map((row) => [row.id, {}]))
  for (const { environment, targeting, kill } of details)
    byFlag.get(targeting.flagId)![environment] = targetingView(targeting, kill)
  return rows.map((row) => flagView(row, byFlag.get(row.id)!))
}
