import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeDatabase, connect, db } from '@/db/client'
import { encodeSnapshot, stateAt } from '@/db/config-log'
import { systemContext } from '@/lib/control/context'
import { createFlag } from '@/lib/control/flags'
import { createProject } from '@/lib/control/projects'
import { provide } from '@/lib/env'
import { forgetOld, THINNED_TO } from '@/lib/jobs/retention'
import { freshDatabase, type TestDatabase } from '../support/database'

let database: TestDatabase
let sql: ReturnType<typeof connect>
let environment: number

beforeAll(async () => {
  database = await freshDatabase()
  provide('DATABASE_URL', database.url)
  provide('JACKSTAFF_SECRET', 'a'.repeat(32))
  sql = connect(database.url, { max: 1 })
  await createProject(systemContext('test'), { key: 'shop', name: 'Shop' })
  await createFlag(systemContext('test'), { project: 'shop', key: 'f', name: 'F', type: 'boolean' })
  const [row] = await sql`select id from environment where key = 'production'`
  environment = row!.id
})
afterAll(async () => {
  await sql?.end()
  await closeDatabase()
  await database?.drop()
})

const count = async (table: string) => (await sql.unsafe(`select count(*)::int as n from ${table}`))[0]!.n

it('forgets counts, answers and receipts that are old, in small statements, and nothing that is not', async () => {
  await sql`
    insert into evaluation_count select ${environment}, now() - make_interval(days => n * 10), 'f', 'on', 'SPLIT', '', false, 'c', 1
    from generate_series(1, 60) n`
  await sql`
    insert into tracked_event select ${environment}, now() - make_interval(days => n * 10), 'e', false, 'c', 1, 0
    from generate_series(1, 60) n`
  await sql`
    insert into idempotency select 'user:u', n::text, 'h', 'a', now() - make_interval(hours => n) from generate_series(1, 48) n`
  await sql`
    insert into receipt (node, environment_id, epoch, version, connected, drained, at)
    select n::text, ${environment}, 1, 1, 0, 0, now() - make_interval(hours => n) from generate_series(1, 48) n`
  expect(await forgetOld({ rows: 7 })).toEqual({ evaluations: 21, events: 21, answers: 25, receipts: 25 })
  expect(
    await Promise.all(['evaluation_count', 'tracked_event', 'idempotency', 'receipt'].map(count)),
  ).toEqual([39, 39, 23, 23])
  expect(await forgetOld({ rows: 7 })).toEqual({})
})

it('does no more in an hour than it may', async () => {
  await sql`update evaluation_count set minute = minute - interval '3 years'`
  expect(await forgetOld({ rows: 5, statements: 2 })).toEqual({ evaluations: 10 })
})

it('thins old snapshots, keeps every version, and shows each state as before', async () => {
  const [head] = await sql`select epoch, version, hash from env_head where environment_id = ${environment}`
  const last = THINNED_TO * 2 + 64
  await sql`
    insert into config_version (environment_id, epoch, version, hash, patch, audit_id, created_at)
    select ${environment}, ${head!.epoch}, n, n::text, '{"flags":{},"segments":{},"browser":{},"killed":["k' || n || '"]}', 1,
      now() - interval '100 days'
    from generate_series(${head!.version + 1}, ${last}::int) n`
  await sql`update env_head set version = ${last} where environment_id = ${environment}`
  const at = (version: number) => stateAt(db(), environment, head!.epoch, version)
  for (let version = 64; version <= last; version += 64)
    await sql`
      update config_version set snapshot = ${encodeSnapshot(await at(version))}
      where environment_id = ${environment} and version = ${version}`
  const looked = [100, 640, 1_000, 1_024, 1_500, last]
  const before = await Promise.all(looked.map(at))
  const versions = await count('config_version')

  expect(await forgetOld({ rows: 3 })).toMatchObject({ snapshots: 14 })
  expect(await Promise.all(looked.map(at))).toEqual(before)
  expect(await count('config_version')).toBe(versions)
  const kept = await sql`
    select version from config_version where environment_id = ${environment} and snapshot is not null and version < 1100 order by 1`
  expect(kept.map(({ version }) => version)).toEqual([64, 1_024, 1_088])
  expect(await forgetOld()).not.toHaveProperty('snapshots')
})
