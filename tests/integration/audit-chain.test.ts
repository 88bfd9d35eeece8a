import { randomBytes } from 'node:crypto'
import { drizzle } from 'drizzle-orm/postgres-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeDatabase, connect, type Db } from '@/db/client'
import * as schema from '@/db/schema'
import { checkToldHeads, signedHeads, takeTurn, toldHeads } from '@/lib/control/audit-heads'
import { verifyChains } from '@/lib/control/audit-verify'
import { verifyVersions } from '@/lib/control/audit-versions'
import { systemContext } from '@/lib/control/context'
import { createEnvironment } from '@/lib/control/environments'
import { beginChains, recordEvent } from '@/lib/control/events'
import { createFlag } from '@/lib/control/flags'
import { kill, restoreKilled } from '@/lib/control/kill'
import { createProject } from '@/lib/control/projects'
import { getTargeting, putTargeting } from '@/lib/control/targeting'
import { provide } from '@/lib/env'
import { edits, entriesOf, manipulationsOf } from '../support/audit-manipulations'
import { freshDatabase, type TestDatabase } from '../support/database'
import { figure } from '../support/figure'
import { inForm } from '../support/long-form'
import { newSeed, randomFrom } from '../support/random'

const ROUNDS = inForm(500, 5_000)
const seed = newSeed()
const random = randomFrom(seed)

type Sql = ReturnType<typeof connect>

let database: TestDatabase
let sql: Sql
let db: Db

/** Entries of before there were chains, as an installation that is upgraded has them. */
async function writeFormer(): Promise<void> {
  await sql`insert into project (key, name) values ('old', 'Old')`
  for (let n = 0; n < 4; n++)
    await sql`
      insert into audit (actor, action, target, request_id, project_id)
      select '{"kind":"system","id":"test","name":"Test"}'::json, 'flag.create', 'flag:f', 'r', id
      from project where ${n < 2} or key = 'none' union all
      select '{"kind":"system","id":"test","name":"Test"}'::json, 'session.sign_in', 'user:u', 'r', null::int where ${n >= 2}`
}

async function writeEntries(): Promise<void> {
  const ctx = { ...systemContext('test'), ip: '192.0.2.7', userAgent: 'Test/1.0' }
  for (const project of ['shop', 'bank']) {
    await createProject(ctx, { key: project, name: project })
    await createFlag(ctx, { project, key: 'f', name: 'Färg “ö”', type: 'boolean' })
    const at = { project, flag: 'f', environment: 'production' }
    for (let n = 0; n < 9; n++) {
      const { version } = await getTargeting(ctx, at)
      const fallthrough = { variant: n % 2 ? 'on' : 'off' }
      const input = { ...at, on: true, offVariant: 'off', fallthrough, comment: `change ${n}` }
      await putTargeting({ ...ctx, ifMatch: [String(version)] }, input)
    }
    const { id } = await kill(ctx, { ...at, reason: 'smoke' })
    await restoreKilled({ ...ctx, ifMatch: [id] }, at)
  }
  await createEnvironment(ctx, { project: 'old', key: 'one', name: 'One' })
  await createFlag(ctx, { project: 'old', key: 'g', name: 'G', type: 'boolean' })
  const event = { action: 'session.refused', projectId: null }
  for (let n = 0; n < 14; n++)
    await recordEvent(ctx, { ...event, target: `sign-in:${n}`, reason: 'wrong link' })
}

beforeAll(async () => {
  database = await freshDatabase()
  provide('DATABASE_URL', database.url)
  provide('JACKSTAFF_SECRET', randomBytes(32).toString('hex'))
  sql = connect(database.url, { max: 1 })
  db = drizzle(sql, { schema, casing: 'snake_case' })
  await writeFormer()
  await beginChains()
  await writeEntries()
  await sql`drop index audit_chain` // whoever manipulates is not held back by it
})
afterAll(async () => {
  await closeDatabase()
  await sql?.end()
  await database?.drop()
})

/** Everything that is wrong, with the chain it is wrong in. */
async function problems(): Promise<string[]> {
  const found: string[] = []
  for await (const chain of verifyChains(db))
    found.push(...chain.problems.map((problem) => `${chain.name}: ${problem}`))
  return [...found, ...(await verifyVersions(db)).problems]
}

/** What is found after a manipulation, which is undone again. */
async function foundAfter(manipulate: () => Promise<unknown>): Promise<string[]> {
  await sql.unsafe('begin')
  try {
    await manipulate()
    return await problems()
  } finally {
    await sql.unsafe('rollback')
  }
}

const entries = () => entriesOf(sql)

describe('a history that nobody touched', () => {
  it('is as it was written, with the entries of before the chain', async () => {
    expect(await problems()).toEqual([])
    const chains = []
    for await (const { name, entries, former, last } of verifyChains(db))
      chains.push([name, entries, former, last.seq])
    expect(chains).toEqual([
      ['installation', 14, 2, 14],
      ['old', 2, 2, 2],
      ['shop', 13, 0, 13],
      ['bank', 13, 0, 13],
    ])
  })

  it('goes on after an entry that was not committed', async () => {
    const at = { project: 'shop', flag: 'f', environment: 'production' }
    await expect(
      putTargeting(systemContext('test'), {
        ...at,
        on: true,
        offVariant: 'off',
        fallthrough: { variant: 'on' },
      }),
    ).rejects.toThrow()
    expect(await problems()).toEqual([])
  })
})

describe('every column of an entry', () => {
  const ways = Object.entries(edits).flatMap(([column, values]) =>
    values.map((value) => [column, value] as const),
  )
  it.each(ways)('%s, changed to %s, is found and its entry named', async (column, value) => {
    for (const entry of await entries()) {
      const found = await foundAfter(() =>
        sql
          .unsafe(
            `update audit set "${column}" = ${value} where id = ${entry.id} and "${column}"::text is distinct from (${value})::text`,
          )
          .then(({ count }) => expect(count).toBe(1)),
      )
      const id = column === 'id' ? Number(entry.id) + 1_000_000 : entry.id
      expect(found).toContain(`${entry.name}: entry ${entry.seq} (id ${id}) was changed`)
    }
  })

  it('is one that this test knows, or tells what chain the entry is in and where', async () => {
    const columns = await sql<{ name: string }[]>`
      select column_name as name from information_schema.columns where table_name = 'audit'`
    expect(columns.map(({ name }) => name).sort()).toEqual(
      [...Object.keys(edits), 'project_id', 'seq'].sort(),
    )
  })

  it('the project: its entry is missed in one chain and found in the other', async () => {
    for (const entry of (await entries()).filter(({ chain }) => chain !== 0)) {
      const found = await foundAfter(() => sql`update audit set project_id = null where id = ${entry.id}`)
      expect(
        found.some((problem) => problem.startsWith(`${entry.name}: entry ${entry.seq} is missing`)),
      ).toBe(true)
      expect(
        found.some((problem) => problem.startsWith('installation: ') && problem.includes(`(id ${entry.id})`)),
      ).toBe(true)
    }
  })

  it('its place: an entry outside of all chains is missed and named', async () => {
    for (const entry of await entries()) {
      const found = await foundAfter(() => sql`update audit set seq = null where id = ${entry.id}`)
      expect(
        found.some((problem) => problem.startsWith(`${entry.name}: entry ${entry.seq} is missing`)),
      ).toBe(true)
      expect(
        found.some((problem) =>
          problem.startsWith(`${entry.name}: entry with id ${entry.id} stands outside`),
        ),
      ).toBe(true)
    }
  })
})

describe('hundreds of manipulations', () => {
  it('are found and named, every one', async () => {
    const counts: Record<string, number> = {}
    const manipulations = manipulationsOf(sql, random)
    const kinds = Object.keys(manipulations)
    for (let round = 0; round < ROUNDS; round++) {
      const kind = kinds[round % kinds.length]!
      const { run, expected } = await manipulations[kind]!()
      const found = await foundAfter(run)
      expect(
        found.find((problem) => problem.includes(expected)),
        `SEED=${seed} round ${round}: ${kind}: wanted "${expected}" among ${found.join('; ')}`,
      ).toBeDefined()
      counts[kind] = (counts[kind] ?? 0) + 1
    }
    figure('S5', `manipulations of the audit trail not found, of ${ROUNDS}`, 0)
    console.log(
      `SEED=${seed}: ${ROUNDS} of ${ROUNDS} found and named: ${Object.entries(counts)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', ')}`,
    )
    expect(await problems()).toEqual([])
  }, 300_000)
})

describe('the ends of chains, as the log was told', () => {
  const asLog = (heads: readonly object[]) =>
    [
      'not JSON',
      '{"level":30,"msg":"else"}',
      ...heads.map((head) => JSON.stringify({ level: 30, ...head })),
    ].join('\n')

  it('agree with a history that nobody touched, also when it has grown', async () => {
    const told = toldHeads(asLog(await signedHeads(db)))
    expect(told).toHaveLength(4)
    await recordEvent(systemContext('test'), {
      action: 'session.refused',
      target: 'sign-in',
      projectId: null,
    })
    expect(await checkToldHeads(db, told)).toEqual([])
    expect(await problems()).toEqual([])
  })

  it('show that a chain was truncated, though its head agrees with what is left', async () => {
    const told = toldHeads(asLog(await signedHeads(db)))
    const chain = (await entries()).find(({ name }) => name === 'bank')!.chain
    await sql.unsafe('begin')
    await sql`delete from config_version where audit_id in (select id from audit where project_id = ${chain} and seq > 5)`
    await sql`delete from audit where project_id = ${chain} and seq > 5`
    await sql`update audit_head set seq = 5, hash = (select hash from audit where project_id = ${chain} and seq = 5) where chain = ${chain}`
    const found = await problems()
    const denied = await checkToldHeads(db, told)
    await sql.unsafe('rollback')
    expect(found.filter((problem) => problem.startsWith('bank'))).toEqual([])
    expect(denied).toHaveLength(1)
    expect(denied[0]).toMatch(
      /^chain \d+ ended at entry 13 on .* \(line \d+\), and ends at entry 5 now: it was truncated$/,
    )
  })

  it('are told once an hour, by one of all processes', async () => {
    const turns = () => Promise.all(Array.from({ length: 6 }, takeTurn))
    const taken = async () => (await turns()).filter((mine) => mine).length
    expect(await taken()).toBe(1)
    expect(await taken()).toBe(0)
    await sql`update audit_head set shipped_at = shipped_at - interval '61 minutes'`
    expect(await taken()).toBe(1)
  })

  it('are believed with their signature alone', async () => {
    const [head] = await signedHeads(db)
    const forged = { ...head!, seq: head!.seq + 1 }
    expect(await checkToldHeads(db, toldHeads(asLog([forged])))).toEqual([
      'line 3 was not written by this installation: its signature is wrong',
    ])
    expect(() => toldHeads('{"audit":"head","chain":0')).toThrow('line 1 tells a head, and cannot be read')
  })
})

describe('a chain of more entries than are read at once', () => {
  it('is walked to its end, and what is wrong beyond the first page is named', async () => {
    const event = { action: 'session.refused', target: 'sign-in', projectId: null }
    for (let n = 0; n < 600; n++) await recordEvent(systemContext('test'), event)
    expect(await problems()).toEqual([])
    const { id, seq } = (await entries()).at(-50)!
    expect(Number(seq)).toBeGreaterThan(500)
    const found = await foundAfter(() => sql`update audit set reason = 'x' where id = ${id}`)
    expect(found).toEqual([`installation: entry ${seq} (id ${id}) was changed`])
  })
})
