import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Jackstaff, seedShop, share, startJackstaff, whenReady } from '../support/jackstaff'
import { withSql } from '../support/people'
import { freePort, type Program, start, until } from '../support/process'

const PLANNED = 40
const CHANGES = '/projects/shop/environments/production/changes'

let jackstaff: Jackstaff
const others: Program[] = []

/** Another node on the same database. */
async function startAnother(): Promise<void> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const program = start(process.execPath, ['dist/server.mjs'], {
    ...jackstaff.env,
    PORT: String(port),
    PUBLIC_URL: url,
  })
  others.push(program)
  await whenReady(url, program)
}

beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
  await startAnother()
  await startAnother()
}, 60_000)
afterAll(async () => {
  for (const program of others) await program.end()
  await jackstaff?.stop()
})

it('planned changes are published exactly once by three nodes, one of which is killed amid them, and on time', async () => {
  const { api } = jackstaff
  const at = new Date(Date.now() + 3_600_000).toISOString()
  for (let i = 0; i < PLANNED; i++) {
    const key = `flag-${i}`
    await api('POST', '/projects/shop/flags', { key, name: key, type: 'boolean' })
    const { body } = await api('GET', `/projects/shop/flags/${key}/environments/production`)
    const changes = [{ op: 'targeting', ifMatch: String(body.version), input: { flag: key, ...share(i) } }]
    expect((await api('POST', CHANGES, { changes, mode: 'schedule', at })).status).toBe(201)
  }
  // Their moment comes at once, however long planning them took.
  const [moment] = await withSql(
    jackstaff,
    (sql) => sql<{ at: Date }[]>`
      with moved as (update proposal set at = now() + interval '1 second' where status = 'scheduled' returning at)
      select min(at) as at from moved`,
  )
  const count = () =>
    withSql(jackstaff, async (sql) => {
      const [row] = await sql`select count(*)::int as count from proposal where status = 'published'`
      return row!.count as number
    })
  await until('some to be published', async () => (await count()) > 3, 15_000)
  others[0]!.child.kill('SIGKILL')
  await until('all to be published', async () => (await count()) === PLANNED, 15_000)

  const rows = await withSql(
    jackstaff,
    (sql) => sql<{ target: string; late: number }[]>`
      select a.target, extract(epoch from v.created_at - ${moment!.at}::timestamptz) * 1000 as late
      from config_version v join audit a on a.id = v.audit_id
      where a.action = 'targeting.update' order by late`,
  )
  const late = rows.map((row) => Number(row.late))
  console.log(
    `${rows.length} changes planned for one moment: ${Math.round(late[0]!)} to ${Math.round(late.at(-1)!)} ms late`,
  )
  expect(rows).toHaveLength(PLANNED)
  expect(new Set(rows.map(({ target }) => target)).size).toBe(PLANNED)
  expect(late[0]).toBeGreaterThanOrEqual(0)
  expect(late.at(-1)).toBeLessThan(10_000)
}, 60_000)
