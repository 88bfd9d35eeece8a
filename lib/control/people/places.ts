import { and, eq, isNull } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { environments, projects } from '@/db/schema'
import { notFound } from '../errors'
import type { Place } from '../roles'

/** The columns that say where a role is held. */
export type PlaceIds = { projectId: number | null; environmentId: number | null }

/** Finds what a place names, or says which of the two is missing. */
export async function findPlace(db: Db | Tx, { project, environment }: Place): Promise<PlaceIds> {
  if (project === null) return { projectId: null, environmentId: null }
  const [found] = await db.select({ id: projects.id }).from(projects).where(eq(projects.key, project))
  if (!found) throw notFound('project', project)
  if (environment === null) return { projectId: found.id, environmentId: null }
  const [inside] = await db
    .select({ id: environments.id })
    .from(environments)
    .where(
      and(
        eq(environments.projectId, found.id),
        eq(environments.key, environment),
        isNull(environments.deletedAt),
      ),
    )
  if (!inside) throw notFound('environment', environment, `project "${project}"`)
  return { projectId: found.id, environmentId: inside.id }
}
