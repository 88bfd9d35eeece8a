import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { type Api, apiOf } from '../support/api'
import { figure } from '../support/figure'
import { verifyHistory } from '../support/hash-chain'
import { whenReady } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { freePort, type Program, start, until } from '../support/process'
import { newSeed, randomFrom } from '../support/random'

// An acknowledged write survives kill -9 of everything, and one that was not acknowledged is whole or absent.

const ROUNDS = inForm(3, 100)
const WRITERS = 8
const ACKNOWLEDGED_A_ROUND = 200
const seed = newSeed()
const random = randomFrom(seed)

/** `versions`: what the answer named; null while nothing was acknowledged. */
type Write = {
  marker: string
  kind: 'publish' | 'create' | 'kill'
  flag: string
  share: number
  versions: string[] | null
}

const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-kill-nine-'))
const databaseUrl = `postgres://app@localhost/jackstaff?host=${encodeURIComponent(dataDir)}`
const token = randomBytes(24).toString('hex')
let url: string
let api: Api
let app: Program
const writes: Write[] = []

async function startApp(): Promise<void> {
  app = start(process.execPath, ['dist/server.mjs'], {
    NODE_ENV: 'production',
    PORT: new URL(url).port,
    PUBLIC_URL: url,
    DATABASE_URL: '',
    JACKSTAFF_DATA_DIR: dataDir,
    JACKSTAFF_BOOTSTRAP_TOKEN: token,
  })
  await whenReady(url, app)
}

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`
  api = apiOf(url, token)
  await startApp()
  await api('POST', '/projects', { key: 'p', name: 'P' })
  for (let i = 0; i < WRITERS; i++)
    await api('POST', '/projects/p/flags', { key: `writer-${i}`, name: `Writer ${i}`, type: 'boolean' })
})

afterAll(async () => {
  await app?.end()
  rmSync(dataDir, { recursive: true, force: true })
})

const at = (flag: string) => `/projects/p/flags/${flag}/environments/production`

/** One write of a kind, with a marker that stands in the audit entry. */
const kinds = {
  async publish({ flag, share, marker }: Write) {
    const read = await api('GET', at(flag))
    if (read.status === 503) return read
    const { headers } = read
    const rollout = { share, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } }
    const body = { on: true, offVariant: 'off', fallthrough: { rollout }, comment: marker }
    return api('PUT', at(flag), body, { 'if-match': headers.get('etag')! })
  },
  create: ({ flag, marker }: Write) =>
    api('POST', '/projects/p/flags', { key: flag, name: marker, type: 'boolean' }),
  async kill({ flag, marker }: Write) {
    const answer = await api('PUT', `${at(flag)}/kill`, { reason: marker })
    await api('DELETE', `${at(flag)}/kill`, undefined, { 'if-match': `"${answer.body.id}"` }).catch(
      () => null,
    )
    return answer
  },
} as const

/** Writes one after the other until the server is gone. */
async function writer(index: number, round: number, acknowledged: () => void): Promise<void> {
  for (let n = 0; ; n++) {
    const marker = `r${round}-w${index}-${n}`
    const kind = random.chance(0.7) ? 'publish' : random.chance(0.5) ? 'create' : 'kill'
    const flag = kind === 'create' ? `created-${marker}` : `writer-${index}`
    const share = writes.length % 100_001 // never the one before: a publish that changes nothing has no version
    const write: Write = { marker, kind, flag, share, versions: null }
    writes.push(write)
    const answer = await kinds[kind](write).catch(() => null)
    if (answer === null) return
    if (answer.status === 503) continue // busy: not acknowledged, so whole or absent
    if (answer.status >= 300)
      throw new Error(`${kind} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    write.versions = answer.headers.get('x-jackstaff-version')?.split(', ') ?? []
    // Killed already, by a kill whose restore the last round cut off: nothing to do, nothing to find.
    if (kind === 'kill' && write.versions.length === 0) writes.splice(writes.indexOf(write), 1)
    else acknowledged()
  }
}

async function roundOfWrites(round: number): Promise<void> {
  let count = 0
  let enough = () => {}
  const target = ACKNOWLEDGED_A_ROUND + random.below(30)
  const reached = new Promise<void>((resolve) => {
    enough = resolve
  })
  const writers = Array.from({ length: WRITERS }, (_, i) =>
    writer(i, round, () => ++count >= target && enough()),
  )
  await Promise.race([reached, Promise.all(writers)])
  await sleep(random.below(40)) // any moment of the writes in flight
  const postmaster = Number(readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n', 1)[0])
  await app.end('SIGKILL')
  if (round % 2 === 1) process.kill(postmaster, 'SIGKILL')
  await Promise.all(writers)
}

type Found = { marker: string; environments: number; shares: number[] }

/** What the database holds of each marker: how many versions it made, and what it set. */
async function found(): Promise<Map<string, Found>> {
  const sql = connect(databaseUrl, { max: 1 })
  const rows = await sql<Found[]>`
    select coalesce(a.reason, a.after ->> 'name') as marker, count(v.version)::int as environments,
      array_agg((a.after -> 'fallthrough' -> 'rollout' ->> 'share')::int) as shares
    from audit a join config_version v on v.audit_id = a.id
    where a.action in ('targeting.update', 'flag.create', 'flag.kill')
    group by a.id`
  await sql.end()
  return new Map(rows.map((row) => [row.marker, row]))
}

/** Flags with what they serve, and how many environments they are in. */
async function flagsNow(): Promise<Map<string, { share: number | null; environments: number }>> {
  const sql = connect(databaseUrl, { max: 1 })
  const rows = await sql<{ key: string; share: number | null; environments: number }[]>`
    select f.key, count(*)::int as environments,
      max((t.fallthrough -> 'rollout' ->> 'share')::int) filter (where e.key = 'production') as share
    from flag f join targeting t on t.flag_id = f.id join environment e on e.id = t.environment_id
    group by f.key`
  await sql.end()
  return new Map(rows.map(({ key, ...row }) => [key, row]))
}

async function idsInHistory(): Promise<Set<string>> {
  const sql = connect(databaseUrl, { max: 1 })
  const rows = await sql<{ id: string }[]>`
    select e.key || '=' || v.epoch || '.' || v.version || '.' || left(v.hash, 8) as id
    from config_version v join environment e on e.id = v.environment_id`
  await sql.end()
  return new Set(rows.map(({ id }) => id))
}

it(
  `loses no acknowledged write in ${ROUNDS} rounds of kill -9, and keeps no half of any other`,
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await roundOfWrites(round)
      await startApp()
    }
    const [history, entries, flags] = [await idsInHistory(), await found(), await flagsNow()]
    const environments = { publish: 1, create: 3, kill: 1 }

    const acknowledged = writes.filter(({ versions }) => versions !== null)
    const lost = acknowledged.filter(
      ({ marker, versions }) => !entries.has(marker) || versions!.some((id) => !history.has(id)),
    )
    const unacknowledged = writes.filter(({ versions }) => versions === null)
    const kept = unacknowledged.filter(({ marker }) => entries.has(marker))
    console.log(
      `kill -9, seed ${seed}: ${ROUNDS} rounds, ${acknowledged.length} acknowledged, ${lost.length} lost; ` +
        `${unacknowledged.length} in flight, ${kept.length} kept whole, ${unacknowledged.length - kept.length} absent`,
    )
    figure(
      'S1',
      `acknowledged writes lost, of ${acknowledged.length}, in ${ROUNDS} rounds of kill -9 of app and Postgres`,
      lost.length,
    )
    figure('postgres-killed', `acknowledged writes lost in ${ROUNDS} rounds`, lost.length)
    expect(lost).toEqual([])
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * ACKNOWLEDGED_A_ROUND)

    // Whole: the entry, its versions in every environment, and the state, or none of them.
    for (const { marker, kind, flag, share } of writes) {
      const entry = entries.get(marker)
      if (kind === 'create') expect(flags.get(flag)?.environments ?? 0, marker).toBe(entry ? 3 : 0)
      if (!entry) continue
      expect(entry.environments, marker).toBe(environments[kind])
      if (kind === 'publish') expect(entry.shares, marker).toEqual([share])
    }
    // Each writer wrote one after the other: what stands is the last of what was kept.
    for (let i = 0; i < WRITERS; i++) {
      const last = writes.filter(
        ({ kind, flag, marker }) => kind === 'publish' && flag === `writer-${i}` && entries.has(marker),
      )
      expect(flags.get(`writer-${i}`)?.share, `writer ${i}`).toBe(last.at(-1)?.share)
    }
    await until('the history to verify', async () => (await verifyHistory(databaseUrl)) > 0)
  },
  90_000 * ROUNDS,
)
