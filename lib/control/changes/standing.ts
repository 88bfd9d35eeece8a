import { and, inArray, isNull } from 'drizzle-orm'
import type { approvals, proposals } from '@/db/changes'
import type { Db, Tx } from '@/db/client'
import { users } from '@/db/people'
import { environments, projects } from '@/db/schema'
import { heldByPerson } from '../people/held'
import { can, type Grant, type Place } from '../roles'
import { touchedBy, type Where } from './parts'

type Row = typeof proposals.$inferSelect
type Said = typeof approvals.$inferSelect

/** Where somebody must be allowed to approve: what is changed for the whole project, in the whole project. */
export function placeOfApproval({ changes }: Pick<Row, 'changes'>, where: Where): Place {
  const wide = touchedBy(changes, where).environments === 'all'
  return { project: where.project, environment: wide ? null : where.environment }
}

async function grantsOf(db: Db | Tx, people: string[]): Promise<ReadonlyMap<string, readonly Grant[]>> {
  const active = await db
    .select({ id: users.id })
    .from(users)
    .where(and(inArray(users.id, people), isNull(users.disabledAt)))
  const held = new Map<string, readonly Grant[]>()
  for (const { id } of active) held.set(id, await heldByPerson(db, id))
  return held
}

async function placesOf(db: Db | Tx, rows: readonly Row[]): Promise<(row: Row) => Where> {
  const ids = (of: 'projectId' | 'environmentId') => rows.map((row) => row[of])
  const found = await db
    .select()
    .from(projects)
    .where(inArray(projects.id, ids('projectId')))
  const inThem = await db
    .select()
    .from(environments)
    .where(inArray(environments.id, ids('environmentId')))
  const key = (of: readonly { id: number; key: string }[], id: number) => of.find((one) => one.id === id)!.key
  return ({ projectId, environmentId }) => ({
    project: key(found, projectId),
    environment: key(inThem, environmentId),
  })
}

/**
 * Which approvals count now: of the content as it is, by people who could still give them. Whoever was disabled, or lost
 * the right, has no say in what is published later.
 */
export async function standingOf(
  db: Db | Tx,
  rows: readonly Row[],
  said: readonly Said[],
): Promise<(one: Said) => boolean> {
  const approvers = [...new Set(said.filter(({ verdict }) => verdict === 'approve').map((one) => one.person))]
  if (approvers.length === 0) return () => false
  const held = await grantsOf(db, approvers)
  const whereOf = await placesOf(db, rows)
  return ({ proposalId, person, hash, verdict }) => {
    const row = rows.find(({ id }) => id === proposalId)
    if (verdict !== 'approve' || hash !== row?.hash) return false
    return can(held.get(person) ?? [], 'flag:approve', placeOfApproval(row, whereOf(row)))
  }
}
