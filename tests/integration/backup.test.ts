import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { OpenFeature } from '@openfeature/server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { migrate } from '@/db/migrate'
import { parseId } from '@/lib/evaluation'
import { jackstaffCommand } from '../support/command'
import { type Edge, startEdge } from '../support/edge'
import { verifyHistory } from '../support/hash-chain'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { withSql } from '../support/people'
import { until } from '../support/process'

// The drill: what is written while everything runs comes back, and who is connected converges.

const folder = mkdtempSync(join(tmpdir(), 'jackstaff-backup-'))
const file = join(folder, 'monday.backup')
const client = OpenFeature.getClient('drill')
let jackstaff: Jackstaff
let edge: Edge
let serverKey: string

const command = (args: string[], extra: Record<string, string> = {}) =>
  jackstaffCommand(args, { ...jackstaff.env, ...extra })
const served = () => client.getBooleanValue('checkout', false, { targetingKey: 'somebody' })
const seen = (value: boolean) =>
  until(`everyone to see ${value}`, async () => (await served()) === value, 30_000)
const head = async () => {
  const response = await fetch(`${edge.url}/config`, { headers: { authorization: `Bearer ${serverKey}` } })
  return parseId(((await response.json()) as { id: string }).id)!
}

async function publish(percent: number): Promise<void> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const { status } = await jackstaff.api('PUT', PRODUCTION, share(percent), {
    'if-match': headers.get('etag')!,
  })
  expect(status).toBe(200)
}

/** An empty database beside that of the installation. */
async function emptyDatabase(): Promise<string> {
  const name = `restored_${randomBytes(6).toString('hex')}`
  await withSql(jackstaff, (sql) => sql.unsafe(`create database ${name}`))
  const url = new URL(jackstaff.databaseUrl)
  url.pathname = `/${name}`
  return url.toString()
}

beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  edge = await startEdge(jackstaff)
  await OpenFeature.setProviderAndWait('drill', new JackstaffProvider({ url: edge.url, key: serverKey }))
  const odd = 'line\u2028separator, tab\t, backslash \\., newline\nand ö'
  await jackstaff.api('PATCH', '/projects/shop/flags/checkout', { description: odd }, { 'if-match': '*' })
  await publish(100)
  await seen(true)
})
afterAll(async () => {
  await OpenFeature.clearProviders()
  await edge?.program.end()
  await jackstaff?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a backup', () => {
  it('is written while Jackstaff runs, for its owner alone, and never over another', async () => {
    const written = await command(['backup', file])
    expect(written).toEqual({ code: 0, output: expect.stringContaining('JACKSTAFF_SECRET is not in it') })
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(readFileSync(file).includes(jackstaff.env.JACKSTAFF_SECRET!)).toBe(false)
    expect(await command(['backup', file])).toEqual({ code: 1, output: expect.stringContaining('exists') })
  })

  it('is refused where it is damaged, cut off, or none, before anything is touched', async () => {
    const bytes = readFileSync(file)
    const damaged = join(folder, 'damaged.backup')
    const cut = join(folder, 'cut.backup')
    const flipped = Buffer.from(bytes)
    flipped[Math.floor(bytes.length / 2)]! ^= 1
    writeFileSync(damaged, flipped)
    writeFileSync(cut, bytes.subarray(0, bytes.length - 200))
    copyFileSync('package.json', join(folder, 'other.backup'))
    for (const name of ['damaged', 'cut', 'other', 'absent']) {
      const { code, output } = await command(['restore', join(folder, `${name}.backup`), '--replace'])
      expect(code, output).toBe(1)
      expect(output).toContain(`${name}.backup`)
      expect(output).not.toContain('    at ')
    }
    expect((await jackstaff.api('GET', '/projects/shop')).status).toBe(200)
  })

  it('goes into an empty database, whole, and nowhere with another secret', async () => {
    const url = await emptyDatabase()
    const other = await command(['restore', file], { DATABASE_URL: url, JACKSTAFF_SECRET: 'x'.repeat(32) })
    expect(other).toEqual({ code: 1, output: expect.stringContaining('another JACKSTAFF_SECRET') })
    const done = await command(['restore', file], { DATABASE_URL: url })
    expect(done, done.output).toMatchObject({ code: 0 })
    const tablesOf = async (address: string) => {
      const sql = connect(address, { max: 1 })
      try {
        const flags = await sql`select * from flag order by id`
        const targetings = await sql`select * from targeting order by flag_id, environment_id`
        const [project] =
          await sql`select nextval(pg_get_serial_sequence('project', 'id')) > max(id) as fresh from project`
        return { flags, targetings, fresh: project!.fresh }
      } finally {
        await sql.end()
      }
    }
    expect(await tablesOf(url)).toEqual({ ...(await tablesOf(jackstaff.databaseUrl)), fresh: true })
    expect(await verifyHistory(url)).toBeGreaterThan(5)
    expect(await command(['verify', 'audit'], { DATABASE_URL: url })).toMatchObject({ code: 0 })
  })
})

describe('a backup of an older release', () => {
  it('is restored with the tables of then, and brought up to date', async () => {
    const before = await emptyDatabase()
    await migrate(before, 'db/migrations', '0008_people_kept_by_scim')
    const sql = connect(before, { max: 1 })
    await sql`insert into project (key, name) values ('old', 'Old')`
    await sql.end()
    const old = join(folder, 'old.backup')
    expect(await command(['backup', old], { DATABASE_URL: before })).toMatchObject({ code: 0 })
    const after = await emptyDatabase()
    const done = await command(['restore', old], { DATABASE_URL: after })
    expect(done, done.output).toMatchObject({ code: 0 })
    const now = connect(after, { max: 1 })
    expect(await now`select key from project`).toMatchObject([{ key: 'old' }])
    expect(await now`select count(*)::int as n from proposal`).toMatchObject([{ n: 0 }]) // a table of a later migration
    await now.end()
  })
})

describe('the drill', () => {
  it('refuses to replace what runs, or what is not empty', async () => {
    expect(await command(['restore', file, '--replace'])).toEqual({
      code: 1,
      output: expect.stringContaining('stop it first'),
    })
    await publish(0)
    await seen(false)
    await jackstaff.program.end()
    expect(await command(['restore', file])).toEqual({
      code: 1,
      output: expect.stringContaining('--replace'),
    })
  })

  it('brings back what was there; whoever is connected through an edge converges, without a restart', async () => {
    const lost = await head()
    const began = performance.now()
    const done = await command(['restore', file, '--replace'])
    expect(done, done.output).toEqual({ code: 0, output: expect.stringContaining('shop/production at') })
    await seen(true)
    console.log(`a restore, until the application had it: ${Math.round(performance.now() - began)} ms`)
    expect((await head()).epoch).toBe(lost.epoch + 1)
  })

  it('leaves an installation that works on: keys, tokens, history, and changes that arrive', async () => {
    await jackstaff.startAgain()
    const { body } = await jackstaff.api('GET', '/projects/shop/audit?limit=5')
    expect(body.items.map(({ action }: { action: string }) => action)).toContain('environment.restored')
    await publish(0)
    await seen(false)
    expect(await command(['verify', 'audit'])).toMatchObject({ code: 0 })
  })
})
