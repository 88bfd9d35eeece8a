import { asc, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { db, type Tx } from '@/db/client'
import { environments, flags, projects, targetings } from '@/db/schema'
import { evaluationCounts } from '@/db/usage'
import { systemContext } from '@/lib/control/context'
import { createEnvironment } from '@/lib/control/environments'
import type { Environment } from '@/lib/control/locks'
import { mutation } from '@/lib/control/mutation'
import { createProject } from '@/lib/control/projects'
import { createSegment } from '@/lib/control/segments'
import { putTargeting } from '@/lib/control/targeting'
import { say } from './command'
import { reportFailure, withInstallation } from './installation'
import {
  EDITED,
  ENVIRONMENTS,
  FEW_FLAGS,
  FLAGS,
  largeFlag,
  largeSegment,
  largeTargeting,
  MORE_ENVIRONMENTS,
  PROJECTS,
  SEGMENTS,
} from './large-flags'

/** An installation as large as they get: 10,000 flags in one project, 200 segments, 50 environments in ten projects. */

const ctx = systemContext('seed-large')
const BATCH = 200 // a transaction of the write path may take six seconds, also on a busy machine
const ROWS_AT_ONCE = 4_000 // a statement takes at most 65,535 parameters
const EDITS = 240
const DAY_MS = 86_400_000
const [LARGE] = PROJECTS

const now = Date.now()
const daysAgo = (days: number) => new Date(now - days * DAY_MS)

async function insertFlags(
  tx: Tx,
  projectId: number,
  environments: readonly Environment[],
  wanted: number[],
) {
  const described = wanted.map((i) => ({ i, ...largeFlag(i) }))
  const rows = await tx
    .insert(flags)
    .values(
      described.map(({ i: _, ageDays, silentDays: __, ...flag }) => ({
        projectId,
        ...flag,
        createdAt: daysAgo(ageDays),
      })),
    )
    .returning({ id: flags.id, key: flags.key })
  const idOf = new Map(rows.map(({ id, key }) => [key, id]))
  const aimed = described.flatMap(({ i, key, ageDays }) =>
    environments.map((environment) => ({
      flagId: idOf.get(key)!,
      environmentId: environment.id,
      salt: key,
      updatedAt: daysAgo(Math.min(ageDays, i % 60)),
      ...largeTargeting(i, environment.key as (typeof ENVIRONMENTS)[number]),
    })),
  )
  for (let i = 0; i < aimed.length; i += ROWS_AT_ONCE)
    await tx.insert(targetings).values(aimed.slice(i, i + ROWS_AT_ONCE))
  return rows
}

/** Many flags as one version of each environment. */
const addFlags = mutation({
  permission: 'flag:publish',
  input: z.strictObject({ project: z.string(), from: z.int(), to: z.int() }),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, { project, from, to }, { locked }) => {
    const wanted = Array.from({ length: to - from }, (_, i) => from + i)
    const rows = await insertFlags(tx, locked.project.id, locked.environments, wanted)
    const ids = rows.map(({ id }) => id)
    return {
      result: null,
      audit: {
        action: 'flags.seed',
        target: `project:${project}`,
        projectId: locked.project.id,
        reason: `Flags ${from + 1} to ${to}`,
      },
      publish: locked.environments.map(({ id }) => ({ environmentId: id, flags: ids })),
    }
  },
})

/** What people did since: of one flag again and again, of others once. */
async function editFlags(project: string): Promise<void> {
  for (let n = 0; n < EDITS; n++) {
    const i = n % 4 === 0 ? EDITED : 8 * n + 1 // flags with on and off
    const input = {
      project,
      flag: largeFlag(i).key,
      environment: 'production',
      ...largeTargeting(i, 'production'),
      fallthrough: { variant: n % 8 < 4 ? 'on' : 'off' },
    } as Parameters<typeof putTargeting>[1]
    await putTargeting({ ...ctx, ifMatch: ['*'] }, input)
  }
}

/** As nodes write them: what applications asked for, and when last. */
async function tellOfApplications(environmentIds: readonly number[], count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => i).flatMap((i) => {
    const { key, silentDays, variants } = largeFlag(i)
    if (silentDays === null) return []
    const asked = i % 7 === 0 ? environmentIds : environmentIds.slice(2, 3)
    return asked.map((environmentId) => ({
      environmentId,
      minute: new Date(Math.floor((now - silentDays * DAY_MS - (i % 600) * 60_000) / 60_000) * 60_000),
      flag: key,
      variant: Object.keys(variants)[i % 2]!,
      reason: i % 3 === 0 ? 'STATIC' : 'SPLIT',
      errorCode: '',
      browser: false,
      client: 'node/1.0.0 shop',
      count: 10 + ((i * 13) % 5_000),
    }))
  })
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
    await db()
      .insert(evaluationCounts)
      .values(rows.slice(i, i + ROWS_AT_ONCE))
}

async function seedProject(project: string, count: number): Promise<void> {
  await createProject(ctx, {
    key: project,
    name: project === LARGE ? 'Large' : `Large, part ${project.slice(6)}`,
  })
  for (const environment of MORE_ENVIRONMENTS) await createEnvironment(ctx, { project, ...environment })
  if (project === LARGE)
    for (let i = 0; i < SEGMENTS; i++) await createSegment(ctx, { project, ...largeSegment(i) })
  for (let from = 0; from < count; from += BATCH) {
    await addFlags(ctx, { project, from, to: Math.min(count, from + BATCH) })
    if (from % 2_000 === 0 && from > 0) say(`  ${from.toLocaleString('en')} flags`)
  }
}

async function refuseWhereThere(): Promise<void> {
  const there = await db()
    .select({ key: projects.key })
    .from(projects)
    .where(inArray(projects.key, [...PROJECTS]))
  if (there.length === 0) return
  throw new Error(
    `this database has ${there.map(({ key }) => `"${key}"`).join(', ')} already: nothing was seeded; name an empty one with DATABASE_URL or JACKSTAFF_DATA_DIR`,
  )
}

async function seed(): Promise<void> {
  await refuseWhereThere()
  say(
    `Seeding ${PROJECTS.length} projects of ${ENVIRONMENTS.length} environments: "${LARGE}" with ${FLAGS.toLocaleString('en')} flags and ${SEGMENTS} segments, the others with ${FEW_FLAGS} flags each.`,
  )
  const began = performance.now()
  for (const project of PROJECTS) await seedProject(project, project === LARGE ? FLAGS : FEW_FLAGS)
  await editFlags(LARGE)
  const places = await db()
    .select({ id: environments.id })
    .from(environments)
    .innerJoin(projects, eq(projects.id, environments.projectId))
    .where(eq(projects.key, LARGE))
    .orderBy(asc(environments.id))
  await tellOfApplications(
    places.map(({ id }) => id),
    FLAGS,
  )
  await db().execute(sql`analyze`) // what is written in bulk is planned for at once
  say(
    `Done in ${Math.round((performance.now() - began) / 1_000)} s. See /projects/${LARGE}/flags; "jackstaff verify" checks the chains.`,
  )
}

await withInstallation(seed).catch(reportFailure)
