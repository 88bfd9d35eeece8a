import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { apiOf } from '../support/api'
import { whenReady } from '../support/jackstaff'
import { freePort, type Program, start, until } from '../support/process'

const STREAMS = 20
const END_WITHIN_MS = 5_000

const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-startup-'))
const token = randomBytes(24).toString('hex')
let url: string
let setUpLink: string
let serverKey: string

const started: Program[] = []

const environment = (extra: Record<string, string> = {}) => ({
  NODE_ENV: 'production',
  PORT: new URL(url).port,
  PUBLIC_URL: url,
  DATABASE_URL: '',
  JACKSTAFF_DATA_DIR: dataDir,
  JACKSTAFF_BOOTSTRAP_TOKEN: token,
  ...extra,
})

async function startApp(extra: Record<string, string> = {}): Promise<Program> {
  const app = start(process.execPath, ['dist/server.mjs'], environment(extra))
  started.push(app)
  await whenReady(extra.PUBLIC_URL ?? url, app)
  return app
}

/** Runs a program that is expected to end by itself; answers with its code and what it printed. */
async function ended(args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  const program = start(process.execPath, args, env)
  const code = await new Promise<number>((resolve) =>
    program.child.once('close', (exit) => resolve(exit ?? -1)),
  )
  return { code, output: program.output() }
}

const postmasterRuns = () => existsSync(join(dataDir, 'pg', 'postmaster.pid'))

/** Opens streams and leaves them open; resolves once each has said hello. */
async function openStreams(count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async () => {
      const response = await fetch(`${url}/config/stream`, {
        headers: { authorization: `Bearer ${serverKey}` },
      })
      const reader = response.body!.getReader()
      await reader.read()
      const drain = async () => {
        while (!(await reader.read()).done);
      }
      drain().catch(() => null)
    }),
  )
}

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`
})
afterAll(async () => {
  for (const app of started.reverse()) await app.end() // where a test failed amid its programs
  rmSync(dataDir, { recursive: true, force: true })
})

describe('a first start', () => {
  it('prints a set-up link that works once, and ends on SIGTERM with its database', async () => {
    const app = await startApp()
    setUpLink = /http\S+\/setup\?token=\S+/.exec(app.output())![0]
    const claim = (email: string) =>
      fetch(`${url}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ token: new URL(setUpLink).searchParams.get('token'), name: 'Ana', email }),
      })
    expect((await claim('not an address')).status).toBe(422)
    const first = await claim('ana@example.com')
    expect(first.status).toBe(201)
    const cookie = first.headers.get('set-cookie')!.split(';')[0]!
    expect((await fetch(`${url}/api/v1/projects`, { headers: { cookie } })).status).toBe(200)
    expect((await claim('bo@example.com')).status).toBe(403)

    const api = apiOf(url, token)
    await api('POST', '/projects', { key: 'shop', name: 'Shop' })
    const key = await api('POST', '/projects/shop/environments/production/keys', {
      kind: 'server',
      name: 's',
    })
    serverKey = key.body.key
    expect(await app.end('SIGTERM')).toBeLessThan(END_WITHIN_MS)
    expect(postmasterRuns()).toBe(false)
  })
})

describe('a later start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'finds everything there, and ends on %s with streams open',
    async (signal) => {
      const began = performance.now()
      const app = await startApp()
      console.log(`later start: ready after ${Math.round(performance.now() - began)} ms`)
      expect(app.output()).not.toContain('/setup?token=')
      expect((await apiOf(url, token)('GET', '/projects/shop')).status).toBe(200)
      await openStreams(STREAMS)
      const took = await app.end(signal)
      console.log(`${signal}: ended after ${Math.round(took)} ms with ${STREAMS} streams open`)
      expect(app.child.exitCode).toBe(0)
      expect(took).toBeLessThan(END_WITHIN_MS)
      expect(postmasterRuns()).toBe(false)
    },
  )

  it('attaches to the database that kill -9 left running', async () => {
    const app = await startApp()
    const postmaster = readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n', 1)[0]
    await app.end('SIGKILL')
    const next = await startApp()
    expect(next.output()).toContain('still running')
    expect(readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n', 1)[0]).toBe(postmaster)
    expect((await apiOf(url, token)('GET', '/projects/shop')).status).toBe(200)
    await next.end()
  })

  it('signs the admin in by a link that a command prints', async () => {
    const app = await startApp()
    const { output } = await ended(['dist/sign-in-link.mjs'], environment())
    const link = new URL(/http\S+\/sign-in\?token=\S+/.exec(output)![0])
    const response = await fetch(`${url}/api/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ token: link.searchParams.get('token') }),
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toContain('HttpOnly')
    await app.end()
  })
})

describe('a start that cannot be', () => {
  it('says which port is taken, and leaves what runs there alone', async () => {
    const app = await startApp()
    const { code, output } = await ended(['dist/server.mjs'], environment())
    expect(code).toBe(1)
    expect(output).toContain(`port ${new URL(url).port} is in use`)
    expect((await apiOf(url, token)('GET', '/projects/shop')).status).toBe(200)
    await app.end()
  })

  it('says so of an edge, too, and what an edge cannot do without', async () => {
    const app = await startApp()
    const address = `postgres://app@localhost/jackstaff?host=${encodeURIComponent(dataDir)}`
    const installation = { DATABASE_URL: address, JACKSTAFF_SECRET: 'x'.repeat(32) }
    const second = await ended(['dist/edge.mjs'], environment(installation))
    expect(second).toEqual({ code: 1, output: expect.stringContaining('is in use') })
    expect(second.output).not.toContain('    at ')
    const alone = await ended(['dist/edge.mjs'], environment())
    expect(alone).toEqual({ code: 1, output: expect.stringContaining('DATABASE_URL') })
    await app.end()
  })

  it.each([
    ['JACKSTAFF_BOOTSTRAP_TOKEN', 'too-short', 'at least 32 characters'],
    ['PORT', 'many', 'PORT'],
    ['PUBLIC_URL', 'ftp://example.com', 'PUBLIC_URL'],
    ['JACKSTAFF_LIMIT_READS', 'many', 'use requests/seconds such as 600/60, or off'],
    ['JACKSTAFF_TRUSTED_PROXIES', 'proxy.local', 'must be an IP address or a network'],
  ])('names %s when it is %j', async (name, value, rule) => {
    const { code, output } = await ended(['dist/server.mjs'], environment({ [name]: value }))
    expect(code).toBe(1)
    expect(output).toContain(name)
    expect(output).toContain(rule)
    expect(output).not.toContain('    at ')
  })
})

describe('more than one process', () => {
  it('shares a database: two that start together migrate it once, and an edge serves the same config', async () => {
    const host = await startApp()
    const address = `postgres://app@localhost/second?host=${encodeURIComponent(dataDir)}`
    const admin = connect(address.replace('/second', '/postgres'), { max: 1 })
    await admin.unsafe('create database second')
    await admin.end()
    const secret = randomBytes(32).toString('hex')
    const ports = [await freePort(), await freePort(), await freePort()]
    const [first, second, third] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string, string]
    const at = (place: string) => ({
      PORT: new URL(place).port,
      PUBLIC_URL: place,
      DATABASE_URL: address,
      JACKSTAFF_SECRET: secret,
    })
    const [one, two] = await Promise.all([startApp(at(first)), startApp(at(second))])
    const api = apiOf(first, token)
    await api('POST', '/projects', { key: 'shared', name: 'Shared' })
    const { body } = await api('POST', '/projects/shared/environments/production/keys', {
      kind: 'server',
      name: 'edge',
    })

    const began = performance.now()
    const edge = start(process.execPath, ['dist/edge.mjs'], environment(at(third)))
    await whenReady(third, edge)
    const rss =
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${edge.child.pid}/status`, 'utf8'))?.[1]) / 1024
    console.log(`edge: ready after ${Math.round(performance.now() - began)} ms, ${Math.round(rss)} MB`)

    await api('POST', '/projects/shared/flags', { key: 'new', name: 'New', type: 'boolean' })
    const config = async (place: string) =>
      (await fetch(`${place}/config`, { headers: { authorization: `Bearer ${body.key}` } })).text()
    await until('every process to hold the flag', async () =>
      (await Promise.all([first, second, third].map(config))).every((text) => text.includes('"new"')),
    )
    expect(new Set(await Promise.all([first, second, third].map(config))).size).toBe(1)
    expect((await fetch(`${third}/api/v1/projects`)).status).toBe(404)
    for (const program of [edge, one, two, host]) expect(await program.end()).toBeLessThan(END_WITHIN_MS)
  })
})
