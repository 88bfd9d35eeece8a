import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { withSql } from '../support/people'
import { until } from '../support/process'
import { bearer, open } from '../support/raw-http'

// What delivery hears of applications, as the dashboard shows it: real requests, real streams, real Postgres.

let jackstaff: Jackstaff
let keys: { serverKey: string; clientKey: string }
beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

const PLACE = '/projects/shop/environments/production'
const read = async (path: string) => (await jackstaff.api('GET', path)).body
const connections = () => read(`${PLACE}/connections`)
const arrivals = (flag = 'checkout') => read(`${PLACE}/arrivals?flag=${flag}`)
const insights = (range = 'hour') => read(`${PRODUCTION}/insights?range=${range}`)

const ask = (flag: string, headers: Record<string, string>) =>
  fetch(`${jackstaff.url}/ofrep/v1/evaluate/flags/${flag}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ context: { targetingKey: 'ana' } }),
  })

describe('who is connected', () => {
  it('is known by what they call themselves and the key they use, from the first stream to the last', async () => {
    const client = 'openfeature-server/9.9.9'
    const streams = await Promise.all(
      [1, 2].map(() =>
        open(`${jackstaff.url}/config/stream`, {
          headers: { ...bearer(keys.serverKey), 'jackstaff-client': client },
        }),
      ),
    )
    for (const stream of streams) stream.resume()
    const row = await until('both streams', async () =>
      (await connections()).clients.find((one: { client: string; open: number }) => one.open === 2),
    )
    const { configId } = (await read('/projects/shop')).environments.find(
      (one: { key: string }) => one.key === 'production',
    )
    expect(row).toMatchObject({
      client,
      protocol: 'config',
      key: { name: 'server', kind: 'server' },
      current: 2,
      version: Number(configId.split('.')[1]),
    })
    expect(Date.parse(row.since)).toBeLessThan(Date.now() + 60_000)
    expect((await arrivals()).open).toBe(2)
    for (const stream of streams) stream.destroy()
    await until('none', async () => (await arrivals()).open === 0)
    expect((await connections()).clients.filter((one: { client: string }) => one.client === client)).toEqual(
      [],
    )
  })

  it('tells of requests without a stream when they came, and from which environment', async () => {
    const agent = 'python-requests/2.32.3'
    await fetch(`${jackstaff.url}/config`, { headers: { ...bearer(keys.serverKey), 'user-agent': agent } })
    const row = await until('the request', async () =>
      (await connections()).clients.find((one: { client: string }) => one.client === agent),
    )
    expect(row).toMatchObject({ open: 0, since: null, protocol: 'config' })
    expect(Date.parse(row.askedAt)).toBeGreaterThan(Date.now() - 60_000)
    const elsewhere = await read('/projects/shop/environments/staging/arrivals')
    expect(elsewhere).toMatchObject({ open: 0, clients: [], elsewhere: ['production'] })
  })
})

describe('the first evaluation', () => {
  it('over OFREP is heard of within seconds, with what came out', async () => {
    expect((await read('/projects/shop')).evaluated).toBe(false)
    expect((await arrivals()).evaluation).toBeNull()
    const asked = Date.now()
    expect((await ask('checkout', { ...bearer(keys.serverKey), 'user-agent': 'curl/8.5.0' })).status).toBe(
      200,
    )
    const evaluation = await until('the evaluation', async () => (await arrivals()).evaluation, 20_000)
    console.log(`heard of the first evaluation ${Date.now() - asked} ms after it was asked for`)
    expect(evaluation).toMatchObject({ variant: 'off', reason: 'DISABLED', client: 'ofrep curl/8.5.0' })
    expect((await read('/projects/shop')).evaluated).toBe(true)
  })

  it('of a flag that there is none of is named, until there is one', async () => {
    await ask('chekout', bearer(keys.serverKey))
    const unknown = async () =>
      (await connections()).unknownFlags.find((one: { flag: string }) => one.flag === 'chekout')
    expect(await until('the flag asked for', unknown, 20_000)).toMatchObject({ because: 'unknown', count: 1 })
    await jackstaff.api('POST', '/projects/shop/flags', { key: 'chekout', name: 'There', type: 'boolean' })
    expect(await unknown()).toBeUndefined()
  })
})

describe('who was turned away', () => {
  const reasons = async () =>
    (await connections()).refusals.map((one: { reason: string; key: { name: string } | null }) => [
      one.reason,
      one.key?.name ?? null,
    ])

  it('is told with the key where it is one of the environment, and without one where nobody knows it', async () => {
    const made = await jackstaff.api('POST', `${PLACE}/keys`, { kind: 'server', name: 'Old one' })
    await jackstaff.api('DELETE', `${PLACE}/keys/${made.body.id}`)
    await until(
      'the key to be gone',
      async () => (await ask('checkout', bearer(made.body.key))).status === 401,
    )
    await ask('checkout', {})
    await ask('checkout', bearer('jks_srv_nonsense'))
    await ask('checkout', { ...bearer(keys.serverKey), origin: 'https://shop.example.com' })
    await until('four refusals', async () => (await reasons()).length >= 4)
    expect((await reasons()).sort()).toEqual([
      ['absent', null],
      ['in_browser', 'server'],
      ['malformed', null],
      ['unknown', 'Old one'],
    ])
    const shown = (await read('/projects/shop/environments/staging/arrivals')).refusals
    expect(shown.map((one: { reason: string }) => one.reason).sort()).toEqual(['absent', 'malformed'])
  })
})

describe('insights', () => {
  const row = (minutes: number, more: object) => ({
    minutes,
    variant: 'on',
    reason: 'SPLIT',
    count: 10,
    ...more,
  })

  beforeAll(async () => {
    const rows = [
      row(1, {}),
      row(2, { variant: 'off', count: 30 }),
      row(3, { variant: '', reason: 'ERROR', errorCode: 'TYPE_MISMATCH', count: 2, client: 'app/2' }),
      row(4, { variant: 'long-gone', count: 5 }),
      row(5, { browser: true, client: 'openfeature-web/1' }),
      row(26 * 60, { count: 1_000 }),
    ].map(({ minutes, ...rest }) => ({ errorCode: '', browser: false, client: 'app/1', minutes, ...rest }))
    await withSql(jackstaff, async (sql) => {
      const [production] = await sql`select id from environment where key = 'production'`
      await sql`delete from evaluation_count where flag = 'checkout'`
      for (const { minutes, variant, reason, errorCode, browser, client, count } of rows as never[])
        await sql`insert into evaluation_count
          (environment_id, minute, flag, variant, reason, error_code, browser, client, count)
          values (${production!.id}, date_trunc('minute', now()) - make_interval(mins => ${minutes}), 'checkout',
            ${variant}, ${reason}, ${errorCode}, ${browser}, ${client}, ${count})`
    })
  })

  it('add up by variant, reason and client within the range alone', async () => {
    const hour = await insights()
    expect(hour).toMatchObject({ total: 57, defaults: 2, errors: 2, gone: 5, step: 60_000 })
    expect(Date.parse(hour.to) - Date.parse(hour.from)).toBe(3_600_000)
    const counted = hour.points.map((point: { variant: string | null; count: number }) => [
      point.variant,
      point.count,
    ])
    expect(counted.sort((a: [unknown, number], b: [unknown, number]) => a[1] - b[1])).toEqual([
      [null, 2],
      ['on', 10],
      ['on', 10],
      ['off', 30],
    ])
    expect(hour.reasons).toEqual([
      { reason: 'SPLIT', errorCode: null, count: 55 },
      { reason: 'ERROR', errorCode: 'TYPE_MISMATCH', count: 2 },
    ])
    expect(
      hour.clients.map((one: { client: string; browser: boolean }) => [one.client, one.browser]),
    ).toEqual([
      ['app/1', false],
      ['openfeature-web/1', true],
      ['app/2', false],
    ])
    expect((await insights('day')).total).toBe(57)
    expect(await insights('week')).toMatchObject({ total: 1_057, firstAt: hour.firstAt, lastAt: hour.lastAt })
    expect((await jackstaff.api('GET', `${PRODUCTION}/insights?range=year`)).status).toBe(422)
  })

  it('mark what was published meanwhile', async () => {
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    await jackstaff.api('PUT', PRODUCTION, share(25), { 'if-match': headers.get('etag')! })
    await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'Errors' })
    const { changes } = await insights()
    expect(changes.map((one: { action: string }) => one.action).slice(-2)).toEqual([
      'targeting.update',
      'flag.kill',
    ])
  })

  it('say in the list of flags which one nobody asks for any more', async () => {
    await jackstaff.api('POST', '/projects/shop/flags', {
      key: 'forgotten',
      name: 'Forgotten',
      type: 'boolean',
    })
    await withSql(jackstaff, async (sql) => {
      await sql`update flag set created_at = now() - interval '60 days' where key in ('forgotten', 'checkout')`
      await sql`insert into evaluation_count
        (environment_id, minute, flag, variant, reason, error_code, browser, client, count)
        select id, date_trunc('minute', now() - interval '40 days'), 'forgotten', 'on', 'STATIC', '', false, '', 1
        from environment where key = 'staging'`
    })
    const list = async (query: string) => (await read(`/projects/shop/flags?${query}`)).items
    const keysOf = (items: { key: string }[]) => items.map(({ key }) => key)
    expect(keysOf(await list('stale=yes'))).toEqual(['forgotten'])
    expect(keysOf(await list('stale=no'))).toContain('checkout')
    const [forgotten] = await list('q=forgotten')
    expect(Date.now() - Date.parse(forgotten.lastEvaluatedAt)).toBeGreaterThan(39 * 86_400_000)
  })
})
