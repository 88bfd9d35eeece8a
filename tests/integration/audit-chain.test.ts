import { randomBytes } from 'node:crypto'
import { drizzle } from 'drizzle-orm/postgres-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeDatabase, connect, type Db } from '@/db/client'
import * as schema from '@/db/schema'
import { checkToldHeads, signedHeads, toldHeads } from '@/lib/control/audit-heads'
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
import { freshDatabase, type TestDatabase } from '../support/database'
import { newSeed, randomFrom } from '../support/random'

const ROUNDS = Number(process.env.AUDIT_ROUNDS ?? 500)
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
    for (let n = 0; n < 4; n++) {
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
  for (let n = 0; n < 6; n++)
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

type Entry = { id: string; seq: string; chain: number; name: string }
const entries = () => sql<Entry[]>`
  select a.id, a.seq, coalesce(a.project_id, 0) as chain, coalesce(p.key, 'installation') as name
  from audit a left join project p on p.id = a.project_id where a.seq is not null order by a.id`

const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!

/** Ways to change a column, by its name. */
const edits: Record<string, string[]> = {
  id: ['id + 1000000'],
  at: ["at + interval '1 microsecond'", "at - interval '1 year'"],
  actor: [`'{"kind":"user","id":"somebody"}'`, `(actor::text || ' ')::json`],
  via: [`'{"token":"svc_1"}'`],
  action: [`action || '.x'`],
  target: [`upper(target)`],
  environment: [`coalesce(environment, '') || 'x'`],
  before: [`'{"on":false}'`, `coalesce(before::text || ' ', '1')::json`],
  after: [`'{"on":false,"x":1}'`, `coalesce(after::text || ' ', '1')::json`],
  reason: [`coalesce(reason, '') || '.'`],
  request_id: [`request_id || '0'`],
  ip: [`'198.51.100.1'`, 'null'],
  user_agent: [`'curl'`, 'null'],
  published: [`coalesce(published::text || ' ', '[]')::json`, `'{}'`],
  prev_hash: [`encode(sha256(prev_hash::bytea), 'hex')`, 'null'],
  hash: [`encode(sha256(hash::bytea), 'hex')`, 'null'],
}

describe('a history that nobody touched', () => {
  it('is as it was written, with the entries of before the chain', async () => {
    expect(await problems()).toEqual([])
    const chains = []
    for await (const { name, entries, former, last } of verifyChains(db))
      chains.push([name, entries, former, last.seq])
    expect(chains).toEqual([
      ['installation', 6, 2, 6],
      ['old', 2, 2, 2],
      ['shop', 8, 0, 8],
      ['bank', 8, 0, 8],
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

type Manipulation = () => Promise<{ run: () => Promise<unknown>; expected: string }>

const lengthOf = (all: readonly Entry[], chain: number) => all.filter((entry) => entry.chain === chain).length

const manipulations: Record<string, Manipulation> = {
  async changed() {
    const { id, seq, name } = pick(await entries())
    const column = pick(Object.keys(edits).filter((key) => key !== 'id'))
    return {
      run: () => sql.unsafe(`update audit set "${column}" = ${edits[column]![0]} where id = ${id}`),
      expected: `${name}: entry ${seq} (id ${id}) was changed`,
    }
  },
  async deleted() {
    const all = await entries()
    const { id, seq, name, chain } = pick(all)
    const end = Number(seq) === lengthOf(all, chain) ? ' at the end' : ''
    return {
      run: () => sql`delete from audit where id = ${id}`,
      expected: `${name}: entry ${seq} is missing${end}`,
    }
  },
  async 'deleted, and the numbers closed up'() {
    const all = await entries()
    const { seq, name, chain } = pick(all.filter((entry) => Number(entry.seq) < lengthOf(all, entry.chain)))
    return {
      run: async () => {
        await sql`delete from audit where coalesce(project_id, 0) = ${chain} and seq = ${seq}`
        await sql`update audit set seq = seq - 1 where coalesce(project_id, 0) = ${chain} and seq > ${seq}`
        await sql`update audit_head set seq = seq - 1 where chain = ${chain}`
      },
      expected: `${name}: entry ${seq} (id `,
    }
  },
  async 'swapped in their places'() {
    const [a, b] = await twoOfAChain()
    return {
      run: async () => {
        await sql`update audit set seq = case id when ${a.id} then ${b.seq}::bigint else ${a.seq}::bigint end where id in (${a.id}, ${b.id})`
      },
      expected: `${a.name}: entry ${a.seq} (id ${b.id}) and entry ${b.seq} (id ${a.id}) were swapped`,
    }
  },
  async 'swapped in what they say'() {
    const [a, b] = await twoOfAChain()
    const columns = [
      'at',
      'actor',
      'via',
      'action',
      'target',
      'environment',
      'before',
      'after',
      'reason',
      'request_id',
      'ip',
      'user_agent',
      'published',
    ]
    const set = columns.map((column) => `"${column}" = o."${column}"`).join(', ')
    return {
      run: () =>
        sql.unsafe(
          `update audit a set ${set} from audit o where (a.id, o.id) in ((${a.id}, ${b.id}), (${b.id}, ${a.id}))`,
        ),
      expected: `${a.name}: entry ${a.seq} (id ${a.id}) and entry ${b.seq} (id ${b.id}) were swapped`,
    }
  },
  async 'inserted at the end'() {
    const all = await entries()
    const { id, chain, name } = pick(all)
    const seq = lengthOf(all, chain) + 1
    return {
      run: async () => {
        await copyOf(
          id,
          `seq = ${seq}, id = 999999, prev_hash = (select hash from audit_head where chain = ${chain}), hash = '${randomBytes(32).toString('hex')}'`,
        )
        if (random.chance(0.5))
          await sql`update audit_head set seq = ${seq}, hash = (select hash from audit where id = 999999) where chain = ${chain}`
      },
      expected: `${name}: entry ${seq} (id 999999) was `, // "changed", where the head claims that there is such a one
    }
  },
  async 'inserted between two'() {
    const { id, seq, name } = pick(await entries())
    return {
      run: () => copyOf(id, `id = 999999, reason = 'forged'`),
      expected: `${name}: entry ${seq} (id 999999) was inserted`,
    }
  },
  async 'inserted outside of the chain'() {
    const { id, name } = pick(await entries())
    return {
      run: () => copyOf(id, `id = 999999, seq = null, prev_hash = null, hash = null`),
      expected: `${name}: entry with id 999999 stands outside the chain`,
    }
  },
  async truncated() {
    const all = await entries()
    const { chain, name } = pick(all)
    const length = lengthOf(all, chain)
    const left = random.below(length)
    const range = left + 1 === length ? `entry ${length} is` : `entries ${left + 1} to ${length} are`
    return {
      run: () => sql`delete from audit where coalesce(project_id, 0) = ${chain} and seq > ${left}`,
      expected: `${name}: ${range} missing at the end`,
    }
  },
  async 'the head edited'() {
    const all = await entries()
    const { chain, name } = pick(all)
    const edit = pick([
      'seq = seq - 1',
      'seq = seq + 1',
      `hash = 'x'`,
      `begun = 'x'`,
      'former_to = former_to + 1',
    ])
    return {
      run: () => sql.unsafe(`update audit_head set ${edit} where chain = ${chain}`),
      expected: `${name}: the head was changed: `,
    }
  },
  async 'the head removed'() {
    const { chain, name } = pick(await entries())
    return {
      run: () => sql`delete from audit_head where chain = ${chain}`,
      expected: `${name}: the head was changed: it is missing`,
    }
  },
  async 'an entry of before the chain edited'() {
    const edit = pick([
      'delete from audit',
      `update audit set reason = 'x'`,
      `update audit set at = at + interval '1 second'`,
    ])
    return {
      run: () =>
        sql.unsafe(`${edit} where id = (select min(id) from audit where seq is null and project_id is null)`),
      expected: 'installation: the entries of before the chain were changed',
    }
  },
  async 'a version made to name another entry'() {
    const { id } = pick(await entries())
    const [version] =
      await sql`select * from config_version where audit_id <> ${id} order by random() limit 1`
    return {
      run: () =>
        sql`update config_version set audit_id = ${id} where environment_id = ${version!.environment_id} and version = ${version!.version}`,
      expected: `names the entry with id ${id}, which names another`,
    }
  },
  async 'a version edited'() {
    const [version] = await sql`select * from config_version order by random() limit 1`
    const edit = pick([`patch = patch || ' '`, `hash = 'x'`])
    return {
      run: () =>
        sql.unsafe(
          `update config_version set ${edit} where environment_id = ${version!.environment_id} and version = ${version!.version}`,
        ),
      expected: `version ${version!.version} of `,
    }
  },
  async 'a version removed'() {
    const [version] = await sql`select * from config_version order by random() limit 1`
    return {
      run: () =>
        sql`delete from config_version where environment_id = ${version!.environment_id} and version = ${version!.version}`,
      expected: `published version ${version!.version} of environment ${version!.environment_id}, which is missing`,
    }
  },
}

async function twoOfAChain(): Promise<[Entry, Entry]> {
  const all = await entries()
  const a = pick(all)
  const b = pick(all.filter(({ id, chain }) => chain === a.chain && id !== a.id))
  return Number(a.seq) < Number(b.seq) ? [a, b] : [b, a]
}

/** A copy of an entry, with some columns as given. */
async function copyOf(id: string, set: string): Promise<void> {
  await sql.unsafe(`create temp table forged as select * from audit where id = ${id}`)
  await sql.unsafe(`update forged set ${set}`)
  await sql.unsafe('insert into audit select * from forged')
  await sql.unsafe('drop table forged')
}

describe('hundreds of manipulations', () => {
  it('are found and named, every one', async () => {
    const counts: Record<string, number> = {}
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
      /^chain \d+ ended at entry 8 on .* \(line \d+\), and ends at entry 5 now: it was truncated$/,
    )
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
