import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { auditProblems } from '../support/audit-problems'
import { verifyHistory } from '../support/hash-chain'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { until } from '../support/process'
import { newSeed, randomFrom } from '../support/random'

const FLAGS = '/projects/shop/flags'
const GUESTS = inForm(25, 50)
const at = (flag: string) => `${FLAGS}/${flag}/environments/production`

let jackstaff: Jackstaff
let api: Jackstaff['api']
beforeAll(async () => {
  jackstaff = await startJackstaff()
  api = jackstaff.api
  await seedShop(jackstaff)
})
afterAll(async () => {
  expect(await verifyHistory(jackstaff.databaseUrl)).toBeGreaterThan(80)
  expect(await auditProblems(jackstaff)).toEqual([])
  await jackstaff.stop()
})

const people = (count: number) => Array.from({ length: count }, (_, i) => i)
const create = (key: string) => api('POST', FLAGS, { key, name: key, type: 'boolean' })
const etagOf = async (path: string) => (await api('GET', path)).headers.get('etag')!
const count = (statuses: readonly number[], wanted: number) => statuses.filter((s) => s === wanted).length

describe('fifty editors of one flag', () => {
  it('who all saw the same version: one wins, and the others are told so', async () => {
    for (let round = 0; round < inForm(2, 10); round++) {
      const tag = await etagOf(PRODUCTION)
      const answers = await Promise.all(
        people(50).map((n) => api('PUT', PRODUCTION, share(n + round / 10), { 'if-match': tag })),
      )
      const statuses = answers.map(({ status }) => status)
      expect([count(statuses, 200), count(statuses, 412)]).toEqual([1, 49])
      const won = answers.find(({ status }) => status === 200)!
      for (const { status, body } of answers)
        if (status === 412) expect(body.current.fallthrough).toEqual(won.body.fallthrough)
    }
  })

  it('who each add a name and try again when they are told: no name is lost', async () => {
    await create('guests')
    const named = (values: string[]) => ({
      on: true,
      offVariant: 'off',
      targets: [{ variant: 'on', by: 'targetingKey', values }],
      fallthrough: { variant: 'off' },
    })
    await api('PUT', at('guests'), named(['nobody']), { 'if-match': '"1"' })
    const { body: seen } = await api('GET', at('guests'))
    const refused = await Promise.all(
      people(GUESTS).map(async (n) => {
        let current = seen
        for (let tries = 0; ; tries++) {
          const next = named([...current.targets[0].values, `guest-${n}`])
          const answer = await api('PUT', at('guests'), next, { 'if-match': `"${current.version}"` })
          if (answer.status === 200) return tries
          expect(answer.status).toBeOneOf([412, 503])
          current = answer.status === 412 ? answer.body.current : (await api('GET', at('guests'))).body
          if (current.targets[0].values.includes(`guest-${n}`)) return tries
        }
      }),
    )
    const { body } = await api('GET', at('guests'))
    console.log(
      `${GUESTS} editors made ${GUESTS} changes and were refused ${refused.reduce((sum, n) => sum + n)} times`,
    )
    expect(new Set(body.targets[0].values).size).toBe(GUESTS + 1)
    expect(body.version).toBe(GUESTS + 2)
  })
})

describe('two hundred editors of one flag', () => {
  it('at once: one wins a version, which names one entry, and the chain holds', async () => {
    const before = await versionsOf('checkout')
    const tag = await etagOf(PRODUCTION)
    const answers = await Promise.all(
      people(200).map((n) => api('PUT', PRODUCTION, share(n / 2 + 0.003), { 'if-match': tag })),
    )
    const statuses = answers.map(({ status }) => status)
    const [won, stale, busy] = [200, 412, 503].map((status) => count(statuses, status))
    console.log(
      `of 200 editors ${won} won, ${stale} were told what the first published, ${busy} to try again`,
    )
    expect([won, stale! + busy!]).toEqual([1, 199])
    const after = await versionsOf('checkout')
    expect(after).toHaveLength(before.length + 1)
    expect(new Set(after).size).toBe(after.length)
    expect(await auditProblems(jackstaff)).toEqual([])
  })

  /** The entries that the versions of a flag name. */
  async function versionsOf(flag: string): Promise<number[]> {
    const sql = connect(jackstaff.databaseUrl, { max: 1 })
    try {
      const rows = await sql`
        select a.id from config_version v join audit a on a.id = v.audit_id
        join environment e on e.id = v.environment_id where e.key = 'production' and a.target = ${`flag:${flag}`}`
      return rows.map(({ id }) => Number(id))
    } finally {
      await sql.end()
    }
  }
})

describe('edits that are right one by one and wrong together', () => {
  const needs = (flag: string) => ({ ...share(50), prerequisites: [{ flag, variants: ['on'] }] })

  it('never both come to pass: prerequisites form no circle', async () => {
    for (const key of ['a', 'b', 'c']) await create(key)
    const wins: number[] = []
    for (let round = 0; round < inForm(6, 60); round++) {
      const circle = round % 2 === 0 ? ['a', 'b'] : ['a', 'b', 'c']
      const tags = await Promise.all(circle.map((flag) => etagOf(at(flag))))
      const answers = await Promise.all(
        circle.map((flag, i) =>
          api('PUT', at(flag), needs(circle[(i + 1) % circle.length]!), { 'if-match': tags[i]! }),
        ),
      )
      const statuses = answers.map(({ status }) => status)
      expect([count(statuses, 200), count(statuses, 422)]).toEqual([circle.length - 1, 1])
      expect(answers.find(({ status }) => status === 422)!.body.detail).toContain('would need itself')
      wins.push(statuses.indexOf(422))
      for (const flag of circle) await api('PUT', at(flag), share(50), { 'if-match': await etagOf(at(flag)) })
    }
    console.log(`of each circle, the edit that was refused: ${wins.join(' ')}`)
  })

  it('never both come to pass: nothing needs an archived flag', async () => {
    await create('needed')
    for (let round = 0; round < inForm(4, 40); round++) {
      const tag = await etagOf(at('a'))
      const [edit, archive] = await Promise.all([
        api('PUT', at('a'), needs('needed'), { 'if-match': tag }),
        api('DELETE', `${FLAGS}/needed`),
      ])
      expect([edit.status, archive.status].filter((status) => status < 300)).toHaveLength(1)
      await api('PUT', at('a'), share(50), { 'if-match': await etagOf(at('a')) })
      await api('POST', `${FLAGS}/needed/restore`)
    }
  })
})

describe('a kill while sixty editors publish without pause', () => {
  let busy = true
  let published = 0
  let editing: Promise<unknown>
  beforeAll(async () => {
    for (const n of people(60)) await create(`edited-${n}`)
    editing = Promise.all(
      people(60).map(async (n) => {
        for (let i = 1; busy; i++)
          if ((await api('PUT', at(`edited-${n}`), share(i % 100), { 'if-match': `"${i}"` })).status === 200)
            published++
      }),
    )
    await until('every editor to have published', () => published > 60, 20_000)
  })
  afterAll(async () => {
    busy = false
    await editing
  })

  it('is acknowledged without queueing behind them', async () => {
    const times: number[] = []
    const before = published
    const began = performance.now()
    for (const n of people(20)) {
      const sent = performance.now()
      const { status } = await api('PUT', `${at(`edited-${n}`)}/kill`, { reason: 'drill' })
      times.push(performance.now() - sent)
      expect(status).toBe(200)
      await sleep(50)
    }
    times.sort((a, b) => a - b)
    const rate = ((published - before) / (performance.now() - began)) * 1_000
    console.log(
      `kills amid ${Math.round(rate)} publishes/s were acknowledged after ` +
        `${Math.round(times[10]!)} ms at the median, ${Math.round(times[19]!)} ms at most`,
    )
    expect(times[19]).toBeLessThan(2_000)
  })
})

describe('kills of a whole project while editors publish in each of its environments', () => {
  const environments = ['development', 'staging', 'production']
  const deadlocks = async () => {
    const sql = connect(jackstaff.databaseUrl, { max: 1 })
    const [row] = await sql`select deadlocks from pg_stat_database where datname = current_database()`
    await sql.end()
    return Number(row!.deadlocks)
  }

  it('wait for none of them, lock nobody out for good, and leave one chain', async () => {
    for (const n of people(18)) await create(`everywhere-${n}`)
    const before = await deadlocks()
    let busy = true
    let published = 0
    const editing = people(18).map(async (n) => {
      const path = `${FLAGS}/everywhere-${n}/environments/${environments[n % 3]}`
      for (let i = 1; busy; i++)
        if ((await api('PUT', path, share(i % 100), { 'if-match': `"${i}"` })).status === 200) published++
    })
    await until('every editor to have published', () => published > 18, 20_000)
    const times: number[] = []
    for (const n of people(15)) {
      const sent = performance.now()
      const { status } = await api('PUT', `${FLAGS}/everywhere-${n}/kill`, { reason: 'drill' })
      times.push(performance.now() - sent)
      expect(status).toBe(200)
      await sleep(50)
    }
    busy = false
    await Promise.all(editing)
    times.sort((a, b) => a - b)
    console.log(
      `kills of three environments amid their editors: ${Math.round(times[7]!)} ms at the median, ` +
        `${Math.round(times[14]!)} ms at most`,
    )
    expect(times[14]).toBeLessThan(2_000)
    expect(await deadlocks()).toBe(before)
    expect(await auditProblems(jackstaff)).toEqual([])
  })
})

describe('one request sent 250 times over connections that break', () => {
  const seed = newSeed()
  const random = randomFrom(seed)
  const path = '/projects/shop/environments/staging/keys'

  /** Sends it and cuts the connection a moment later; the answer, if it was faster. */
  function sendAndCut(
    headers: Record<string, string>,
    body: string,
    afterMs: number,
  ): Promise<number | null> {
    return new Promise((resolve) => {
      const sent = request(
        `${jackstaff.url}/api/v1${path}`,
        { method: 'POST', headers, agent: false },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode!)
        },
      )
      sent.on('error', () => resolve(null))
      sent.end(body)
      setTimeout(() => sent.destroy(), afterMs)
    })
  }

  it('has one effect, and the sender who stays hears of it', async () => {
    const headers = {
      authorization: `Bearer ${jackstaff.token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    }
    const body = { kind: 'server', name: 'only once' }
    const heard: (number | null)[] = []
    for (let batch = 0; batch < 25; batch++)
      heard.push(
        ...(await Promise.all(
          people(10).map(() => sendAndCut(headers, JSON.stringify(body), random.below(40))),
        )),
      )
    const answers = heard.filter((status) => status !== null)
    console.log(`SEED=${seed}: 250 sent, ${250 - answers.length} cut before their answer`)
    expect(answers.filter((status) => status !== 201 && status !== 409)).toEqual([])
    expect(answers.length).toBeLessThan(225)
    await sleep(200)
    const last = await api('POST', path, body, { 'idempotency-key': headers['idempotency-key'] })
    expect(last.status).toBe(201)
    const { body: keys } = await api('GET', path)
    expect(keys.items.map(({ id }: { id: string }) => id)).toEqual([last.body.id])
    const sql = connect(jackstaff.databaseUrl, { max: 1 })
    const entries = await sql`select 1 from audit where action = 'key.create' and environment = 'staging'`
    await sql.end()
    expect(entries).toHaveLength(1)
  })
})
