import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbedded } from '@/db/embedded'
import { apiOf } from '../support/api'
import { figure } from '../support/figure'
import { verifyHistory } from '../support/hash-chain'
import { PRODUCTION, seedShop, share, whenReady } from '../support/jackstaff'
import { inForm, isLong } from '../support/long-form'
import { postmasterOf } from '../support/own-postgres'
import { freePort, type Program, start, until } from '../support/process'
import { openStream } from '../support/stream'

const ROUNDS = inForm(1, 20)

let dataDir: string
const token = randomBytes(24).toString('hex')
const begun: Program[] = []

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-embedded-'))
})
afterEach(async () => {
  for (const app of begun.splice(0)) await app.end()
  await (await startEmbedded(dataDir)).stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function begin(): Promise<{ url: string; app: Program }> {
  const url = `http://127.0.0.1:${await freePort()}`
  const app = start(process.execPath, ['dist/server.mjs'], {
    NODE_ENV: 'production',
    PORT: new URL(url).port,
    PUBLIC_URL: url,
    DATABASE_URL: '',
    JACKSTAFF_DATA_DIR: dataDir,
    JACKSTAFF_BOOTSTRAP_TOKEN: token,
  })
  begun.push(app)
  return { url, app }
}

async function ready() {
  const { url, app } = await begin()
  await whenReady(url, app)
  return { url, app, api: apiOf(url, token) }
}

describe('a first start that is killed', () => {
  it.each(isLong ? [100, 400, 700, 900] : [400, 900])('after %i ms does not spoil the next', async (ms) => {
    const { app } = await begin()
    await sleep(ms)
    await app.end('SIGKILL')
    const { api } = await ready()
    expect((await api('POST', '/projects', { key: 'shop', name: 'Shop' })).status).toBe(201)
  })
})

describe('an embedded Postgres that is killed under the running app', () => {
  it('is started again within 5 s, with all that was acknowledged, and no stream ends', async () => {
    const { url, app, api } = await ready()
    const { serverKey } = await seedShop({ api })
    const stream = await openStream(url, serverKey)
    await stream.next('put')
    let slowest = 0
    for (let round = 1; round <= ROUNDS; round++) {
      const publish = async () => {
        const { headers } = await api('GET', PRODUCTION)
        return api('PUT', PRODUCTION, share(round), { 'if-match': headers.get('etag') ?? '"0"' })
      }
      const answer = await publish()
      expect(answer.status).toBe(200)
      process.kill(postmasterOf(dataDir)!, 'SIGKILL')
      const killed = performance.now()
      const body = await until('a read to be answered', async () => {
        const { status, body } = await api('GET', PRODUCTION)
        return status === 200 && body
      })
      console.log(`Postgres was back ${Math.round(performance.now() - killed)} ms after kill -9`)
      slowest = Math.max(slowest, performance.now() - killed)
      expect(slowest).toBeLessThan(5_000)
      expect(body.fallthrough.rollout.share).toBe(round * 1_000)
    }
    figure('postgres-killed', 'until the embedded one answers again, slowest', slowest, 'ms')
    expect(stream.ended()).toBe(false)
    stream.close()
    expect(await verifyHistory(postgresUrl())).toBeGreaterThan(ROUNDS)
    expect(await app.end()).toBeLessThan(5_000)
    expect(postmasterOf(dataDir)).toBeNull()
  }, 180_000)
})

describe('two apps in one directory', () => {
  it('share the database, and it stays with the one that goes on', async () => {
    const [one, two] = [await ready(), await ready()]
    expect(two.app.output()).toContain('still running')
    await one.api('POST', '/projects', { key: 'shop', name: 'Shop' })
    expect(await one.app.end()).toBeLessThan(5_000)
    await until(
      'the other to go on',
      async () => (await two.api('GET', '/projects/shop')).status === 200,
      5_000,
    )
    expect(await two.app.end()).toBeLessThan(5_000)
    expect(postmasterOf(dataDir)).toBeNull()
  })
})

const postgresUrl = () => `postgres://app@localhost/jackstaff?host=${encodeURIComponent(dataDir)}`
