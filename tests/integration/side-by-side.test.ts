import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate } from '@/db/migrate'
import { type Edge, startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { withSql } from '../support/people'
import { until } from '../support/process'
import { openStream } from '../support/stream'

// A later release has expanded the schema, as docs/upgrade.md has it, while this one serves: both run on.

const NEXT = '9999_a_later_release'
const EXPANSION = [
  'create table "of_a_later_release" ("id" integer primary key)',
  'alter table "flag" add column "of_a_later_release" text',
  'alter table "audit" add column "of_a_later_release" text',
  `alter table "targeting" add column "of_a_later_release" text not null default 'x'`,
].join(';\n--> statement-breakpoint\n')

const folder = mkdtempSync(join(tmpdir(), 'jackstaff-later-'))
let jackstaff: Jackstaff
let edge: Edge
let serverKey: string

/** The migrations of a release that comes after this one. */
function laterRelease(): string {
  cpSync('db/migrations', folder, { recursive: true })
  const file = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { idx: number; when: number }[] }
  const last = journal.entries.at(-1)!
  const entry = { ...last, idx: last.idx + 1, when: last.when + 1_000, tag: NEXT }
  writeFileSync(file, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }))
  writeFileSync(join(folder, `${NEXT}.sql`), EXPANSION)
  return folder
}

beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  edge = await startEdge(jackstaff)
})
afterAll(async () => {
  await edge?.program.end()
  await jackstaff?.stop()
  rmSync(folder, { recursive: true })
})

async function publish(percent: number): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const answer = await jackstaff.api('PUT', PRODUCTION, share(percent), { 'if-match': headers.get('etag')! })
  expect(answer.status).toBe(200)
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

it('this release serves, streams and changes on the schema of a later one, and starts on it', async () => {
  const stream = await openStream(edge.url, serverKey)
  const heard = (id: string) =>
    until(`the edge to tell ${id}`, () => stream.frames.some((frame) => frame.id === id), 30_000)
  await heard(await publish(10))

  await migrate(jackstaff.databaseUrl, laterRelease())
  await heard(await publish(20))
  expect((await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'side by side' })).status).toBe(200)
  const flag = { key: 'later', name: 'Later', type: 'boolean' }
  expect((await jackstaff.api('POST', '/projects/shop/flags', flag)).status).toBe(201)

  await jackstaff.program.end()
  await jackstaff.startAgain()
  await heard(await publish(30))
  expect(stream.ended()).toBe(false)
  await withSql(jackstaff, async (sql) => {
    expect(await sql`select count(*)::int as n from of_a_later_release`).toMatchObject([{ n: 0 }])
  })
  stream.close()
})
