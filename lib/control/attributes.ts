import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { environments, projects } from '@/db/schema'
import { seenAttributes } from '@/db/usage'
import { notFound } from './errors'
import { mutation, NO_CHANGE } from './mutation'
import { query } from './operation'
import { assertReadable } from './readable'
import { ref } from './schemas'
import type { AttributesView, SeenAttributesView } from './views'

const MOST = 500 // every residual carries them

const path = z
  .string()
  .min(1)
  .max(256)
  .refine((value) => value !== '__proto__', 'this name is taken by the language: rename the attribute')
  .refine(
    (value) => value !== 'targetingKey' && !value.startsWith('targetingKey.'),
    'the targetingKey is always private: who somebody is decides, and stays on the server',
  )

const marks = z
  .record(path, z.enum(['public', 'private']))
  .refine((value) => Object.keys(value).length <= MOST, `a project marks at most ${MOST} attributes`)

export const getAttributes = query({
  permission: 'project:read',
  input: z.strictObject({ project: ref }),
  run: async (db, input): Promise<AttributesView> => {
    const [project] = await db.select().from(projects).where(eq(projects.key, input.project))
    if (!project) throw notFound('project', input.project)
    return { attributes: project.attributes }
  },
})

/** The attributes that evaluation contexts had of late, in any environment of the project. */
export const getSeenAttributes = query({
  permission: 'project:read',
  input: z.strictObject({ project: ref }),
  run: async (db, input): Promise<SeenAttributesView> => {
    const [project] = await db.select().from(projects).where(eq(projects.key, input.project))
    if (!project) throw notFound('project', input.project)
    const { name, type, browser, seenAt } = seenAttributes
    const rows = await db
      .select({
        name,
        types: sql<
          SeenAttributesView['attributes'][number]['types']
        >`array_agg(distinct ${type} order by ${type})`,
        browser: sql<boolean>`bool_or(${browser})`,
        seenAt: sql`max(${seenAt})`.mapWith(seenAt),
      })
      .from(seenAttributes)
      .innerJoin(environments, eq(environments.id, seenAttributes.environmentId))
      .where(and(eq(environments.projectId, project.id), isNull(environments.deletedAt)))
      .groupBy(name)
      .orderBy(desc(sql`max(${seenAt})`), name)
      .limit(MOST)
    return { attributes: rows.map((row) => ({ ...row, seenAt: row.seenAt.toISOString() })) }
  },
})

/**
 * Sets which attributes browsers may see compared, by path: the longest path that contains an attribute decides, and what
 * none contains is private. Replaces all marks, and is published to every environment.
 */
export const setAttributes = mutation({
  permission: 'attribute:write',
  input: z.strictObject({ project: ref, attributes: marks }),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, { attributes }, { locked }) => {
    const { project, environments } = locked
    const result: AttributesView = { attributes }
    if (JSON.stringify(project.attributes) === JSON.stringify(attributes)) return { ...NO_CHANGE, result }
    await assertReadable(tx, locked, environments, attributes)
    await tx.update(projects).set({ attributes }).where(eq(projects.id, project.id))
    return {
      result,
      audit: {
        action: 'attribute.update',
        target: `project:${project.key}`,
        projectId: project.id,
        before: { attributes: project.attributes },
        after: { attributes },
      },
      publish: environments.map(({ id }) => ({ environmentId: id, attributes })),
    }
  },
})
