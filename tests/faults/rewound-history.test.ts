import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { OpenFeature } from '@openfeature/server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseId } from '@/lib/evaluation'
import { startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { verifyHistory } from '../support/hash-chain'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { openStream } from '../support/stream'

// A database that has less than what was delivered: a backup was restored, or a replica that lagged took over.

const CONVERGED_MS = 5_000

let postgres: OwnPostgres
let jackstaff: Jackstaff
let keys: { serverKey: string; clientKey: string }
const client = OpenFeature.getClient('rewound')

beforeAll(async () => {
  postgres = await startOwnPostgres()
  jackstaff = await startJackstaff({ DATABASE_URL: postgres.url })
  keys = await seedShop(jackstaff)
  const provider = new JackstaffProvider({ url: jackstaff.url, key: keys.serverKey })
  await OpenFeature.setProviderAndWait('rewound', provider)
})
afterAll(async () => {
  await OpenFeature.clearProviders()
  await jackstaff?.stop()
  await postgres?.remove()
})

const served = () => client.getBooleanValue('checkout', false, { targetingKey: 'somebody' })
const head = async () => {
  const { body } = await raw(`${jackstaff.url}/config`, { headers: bearer(keys.serverKey) })
  return parseId(JSON.parse(body.toString('utf8')).id)!
}
const isUp = () =>
  jackstaff.api('GET', '/projects').then(
    ({ status }) => status === 200,
    () => false,
  )

const published = ({ headers }: { headers: Headers }) =>
  headers.get('x-jackstaff-version')!.replace('production=', '')

async function publish(percent: number) {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const answer = await jackstaff.api('PUT', PRODUCTION, share(percent), { 'if-match': headers.get('etag')! })
  expect(answer.status).toBe(200)
  return published(answer)
}

/** The value that everybody should see, seen; answers with milliseconds. */
async function converged(value: boolean, since: number): Promise<number> {
  await until(`everyone to see ${value}`, async () => (await served()) === value, CONVERGED_MS)
  return Math.round(performance.now() - since)
}

describe('a backup that is restored under running nodes', () => {
  it('begins a new epoch: clients let go of what was lost, its kills too, and hear what comes after', async () => {
    await publish(100)
    await until('the client to see it', served)
    await postgres.backUp()
    await until('Jackstaff to be back', isUp)
    const before = await head()
    for (const percent of [90, 80, 0]) await publish(percent)
    const kill = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'in the lost history' })
    const lost = parseId(published(kill))!
    expect(lost.version).toBe(before.version + 4)
    await until('the node to serve that', async () => (await head()).version === lost.version)
    await converged(false, performance.now())

    await postgres.restore()
    const since = performance.now()
    const taken = await converged(true, since)
    console.log(`after a restored backup everyone converged in ${taken} ms`)
    figure('postgres-restored', 'until everyone follows the new epoch', taken, 'ms')
    figure('S4', 'until everyone follows after a restored backup', taken, 'ms')
    expect(await head()).toMatchObject({ epoch: lost.epoch + 1, version: before.version + 1 })
    await until('Jackstaff to be back', isUp)
    await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'in the new one' })
    await converged(false, since)
  })

  it('is told in the audit log, and the history before it can be read and restored', async () => {
    const { body } = await jackstaff.api('GET', '/projects/shop/audit?limit=10')
    const entry = body.items.find(({ action }: { action: string }) => action === 'environment.rewound')
    expect(entry).toMatchObject({ environment: 'production', actor: { kind: 'system' } })
    expect(entry.reason).toMatch(/no longer has it/)
    const versions = await jackstaff.api('GET', '/projects/shop/environments/production/versions?limit=50')
    const ids = versions.body.items.map(({ id }: { id: string }) => parseId(id)!)
    expect(new Set(ids.map(({ epoch }: { epoch: number }) => epoch)).size).toBe(2)
    const oldest = ids.at(-1)!.version
    const old = await jackstaff.api('GET', `/projects/shop/environments/production/versions/${oldest}`)
    expect(old.status).toBe(200)
    await verifyHistory(postgres.url)
  })
})

describe('a backup that is restored while nothing runs', () => {
  it('is noticed from what the first server client holds', async () => {
    const kill = await jackstaff.api('GET', `${PRODUCTION}/kill`)
    await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': kill.headers.get('etag')! })
    await converged(true, performance.now())
    await postgres.backUp()
    await until('Jackstaff to be back', isUp)
    const lost = parseId(await publish(0))!
    await converged(false, performance.now())

    await jackstaff.program.end()
    await postgres.restore()
    await jackstaff.startAgain()
    const since = performance.now()
    await until('everyone to see it', served, 40_000) // a client comes back within 30 s
    console.log(
      `after a restored backup and a restart everyone converged in ${Math.round(performance.now() - since)} ms`,
    )
    expect((await head()).epoch).toBe(lost.epoch + 1)
  })
})

describe('an edge that hears of what was lost while nobody is there to mend it', () => {
  it('tells of it until somebody is', async () => {
    const edge = await startEdge(jackstaff)
    const { epoch, version } = await head()
    await jackstaff.program.end()
    const stream = await openStream(edge.url, keys.serverKey, `${epoch}.${version + 3}.0a1b2c3d`)
    await stream.next('hello')
    await jackstaff.startAgain()
    await until('a new epoch', () => stream.frames.find(({ event }) => event === 'resync'))
    expect((await head()).epoch).toBe(epoch + 1)
    stream.close()
    await edge.program.end()
  })
})

describe('an id that nobody has published', () => {
  it('begins no epoch where it is of a browser, or far from any that there could be', async () => {
    const { epoch, version } = await head()
    const streams = await Promise.all([
      openStream(jackstaff.url, keys.clientKey, `${epoch}.${version + 50}.0a1b2c3d`),
      openStream(jackstaff.url, keys.serverKey, `${epoch + 1_000}.${version}.0a1b2c3d`),
      openStream(jackstaff.url, keys.serverKey, 'garbage'),
    ])
    const id = await publish(40)
    await until('the news', () => streams[2]!.frames.find((frame) => frame.id === id))
    expect((await head()).epoch).toBe(epoch)
    expect(streams[0]!.frames.map(({ event }) => event)).toEqual(['hello', 'patch'])
    for (const stream of streams) stream.close()
  })
})
