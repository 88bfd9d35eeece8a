import { randomBytes } from 'node:crypto'
import type { connect } from '@/db/client'
import type { Random } from './random'

/** An entry of a chain; `name` is what the chain is called. */
export type Entry = { id: string; seq: string; chain: number; name: string }

type Sql = ReturnType<typeof connect>

export const entriesOf = (sql: Sql) => sql<Entry[]>`
  select a.id, a.seq, coalesce(a.project_id, 0) as chain, coalesce(p.key, 'installation') as name
  from audit a left join project p on p.id = a.project_id where a.seq is not null order by a.id`

/** Ways to change a column, by its name. */
export const edits: Record<string, string[]> = {
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

type Manipulation = () => Promise<{ run: () => Promise<unknown>; expected: string }>

const lengthOf = (all: readonly Entry[], chain: number) => all.filter((entry) => entry.chain === chain).length

/** Ways to falsify a history, each with a part of what must be said about it. */
export function manipulationsOf(sql: Sql, random: Random): Record<string, Manipulation> {
  const { pick } = random
  const entries = () => entriesOf(sql)
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

  return {
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
          sql.unsafe(
            `${edit} where id = (select min(id) from audit where seq is null and project_id is null)`,
          ),
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
}
