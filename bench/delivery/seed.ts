import { drizzle } from 'drizzle-orm/postgres-js'
import { connect } from '@/db/client'
import * as schema from '@/db/schema'
import { lock } from '@/lib/control/locks'
import { publish } from '@/lib/control/publish'
import { startingTargeting } from '@/lib/control/starting-targeting'
import { ourFlag } from './dataset'

const BATCH = 250 // a transaction of the write path may take six seconds, also on a busy machine

async function addBatch(
  db: ReturnType<typeof drizzle<typeof schema>>,
  project: string,
  environment: string,
  from: number,
  to: number,
) {
  await db.transaction(async (tx) => {
    const locked = await lock(tx, { project, environments: 'all' }, 'edit')
    const wanted = Array.from({ length: to - from }, (_, i) => ourFlag(from + i))
    const rows = await tx
      .insert(schema.flags)
      .values(
        wanted.map(({ key, type, variants }) => ({
          projectId: locked.project.id,
          key,
          name: key,
          type,
          variants,
          browser: false,
        })),
      )
      .returning({ id: schema.flags.id })
    await tx.insert(schema.targetings).values(
      locked.environments.flatMap((at) =>
        wanted.map(({ key, variants, offVariant, rules, fallthrough }, i) => {
          const starting = startingTargeting(key, variants, offVariant)
          const live = at.key === environment
          return {
            flagId: rows[i]!.id,
            environmentId: at.id,
            ...starting,
            ...(live && { on: true, rules, fallthrough }),
          }
        }),
      ),
    )
    const [audit] = await tx
      .insert(schema.auditEntries)
      .values({
        actor: { kind: 'system', id: 'bench', name: 'Bench' },
        action: 'flag.create',
        projectId: locked.project.id,
        target: `project:${project}`,
        requestId: 'bench',
      })
      .returning({ id: schema.auditEntries.id })
    const environmentId = locked.environments.find(({ key }) => key === environment)!.id
    const publication = { environmentId, flags: rows.map(({ id }) => id) }
    const versions = await publish(tx, locked, [publication], null)
    await tx
      .insert(schema.configVersions)
      .values([...versions.values()].map((version) => ({ ...version, auditId: audit!.id })))
  })
}

/** Adds flags to a project as the API would, on and with their rules in one environment, 250 a version. */
export async function addFlags(
  databaseUrl: string,
  project: string,
  environment: string,
  count: number,
): Promise<void> {
  const sql = connect(databaseUrl, { max: 1 })
  try {
    const db = drizzle(sql, { schema, casing: 'snake_case' })
    for (let from = 0; from < count; from += BATCH)
      await addBatch(db, project, environment, from, Math.min(count, from + BATCH))
  } finally {
    await sql.end()
  }
}
