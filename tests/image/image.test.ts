import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, pageApi } from '../support/api'
import { importNode, importPostgres } from '../support/base-images'
import { PRODUCTION, seedShop } from '../support/jackstaff'
import { npmCache, openPodman, type Podman } from '../support/podman'
import { freePort, until } from '../support/process'
import { bearer } from '../support/raw-http'

// The Dockerfile and compose.yaml as they are, built and run by Podman. Only the images they begin from are stand-ins.

const IMAGE = 'jackstaff'
const LARGEST_MB = 260 // of what we add; above what was measured, so that growth is a decision
const END_WITHIN_MS = 10_000 // what Docker waits before it kills
const BUILD_MS = 900_000
const HARDENED = [
  '--read-only',
  '--read-only-tmpfs=false',
  '--cap-drop=all',
  '--security-opt=no-new-privileges',
]

const name = `jackstaff-${process.pid}`
const [app, edge] = [`${name}_app_1`, `${name}_edge_1`]
let engine: Podman

async function timed<T>(what: string, work: Promise<T>): Promise<T> {
  const began = performance.now()
  const result = await work
  console.log(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  return result
}

beforeAll(async () => {
  engine = await openPodman()
  await timed('stand-in for node:22-bookworm-slim', importNode(engine))
  await timed('stand-in for postgres:18-bookworm', importPostgres(engine))
  const cache = `--volume=${await npmCache()}:/root/.npm`
  await timed('the Dockerfile', engine.build(IMAGE, '.', cache))
}, BUILD_MS)
afterAll(() => engine?.remove(), 120_000)

const inspected = async (what: string) => JSON.parse(await engine.podman('inspect', what))[0]
const inImage = (...command: string[]) => engine.podman('run', '--rm', '--network=none', IMAGE, ...command)

describe('the context of the build', () => {
  /** What reaches the builder of a folder that our .dockerignore lies in. */
  async function sent(folder: string): Promise<string[]> {
    const dockerfile = join(engine.folder, 'Dockerfile.context')
    writeFileSync(dockerfile, 'FROM scratch\nCOPY . /\n')
    await engine.build('context', folder, '--file', dockerfile)
    // What engines put into every container is not ours.
    return (await engine.filesOf('context')).filter((path) => !/^(dev|etc|proc|run|sys)\//.test(path))
  }

  it('is what the repository tracks', async () => {
    const tracked = new Set(execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n'))
    const files = await sent('.')
    expect(files.filter((path) => !tracked.has(path))).toEqual([])
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
    console.log(`the context: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`)
    expect(files.length).toBeGreaterThan(500)
  })

  it('leaves out what else may lie in the folder, secrets above all', async () => {
    const wanted = [
      'package.json',
      'server.ts',
      'app/page.tsx',
      'scripts/cli/main.ts',
      'deploy/postgres/a.sql',
    ]
    const unwanted =
      `.env .env.local app/.env .git/config .jackstaff/secret id_rsa jackstaff.dump node_modules/a/index.js
      providers/web/node_modules/a.js providers/web/dist/index.js dist/server.mjs .next/BUILD_ID tests/a.ts docs/a.md
      lib/env.test.ts`.split(/\s+/)
    const folder = join(engine.folder, 'context')
    for (const path of [...wanted, ...unwanted]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), '')
    }
    cpSync('.dockerignore', join(folder, '.dockerignore'))
    expect((await sent(folder)).sort()).toEqual(wanted.sort())
  })
})

describe('the image', () => {
  it('runs as node, is asked how it is, and says what it is', async () => {
    const { Config, Healthcheck, Size } = await inspected(IMAGE)
    expect(Config.User).toBe('node')
    expect(Config.Cmd).toEqual(['node', 'dist/server.mjs'])
    expect(Healthcheck.Test.slice(0, 2)).toEqual(['CMD', 'node'])
    expect(Config.Labels['org.opencontainers.image.licenses']).toBe('Apache-2.0')
    const base = (await inspected('docker.io/library/node:22-bookworm-slim')).Size
    const megabytes = (Size - base) / 1e6
    console.log(`the image: ${megabytes.toFixed(0)} MB beside the ${(base / 1e6).toFixed(0)} MB of its base`)
    expect(megabytes).toBeLessThan(LARGEST_MB)
  })

  it('holds no secret: not in its environment, not in its history, not in its files', async () => {
    const { Config, History } = await inspected(IMAGE)
    const names = Config.Env.map((line: string) => line.split('=')[0])
    expect(names.sort()).toEqual(['NEXT_TELEMETRY_DISABLED', 'NODE_ENV', 'PATH', 'PORT'])
    expect(JSON.stringify(History)).not.toMatch(/SECRET|PASSWORD|TOKEN|DATABASE_URL/)
    const [root, home] = await Promise.all([
      inImage('find', '/app', '-name', '.*', '-not', '-name', '.next', '-not', '-path', '*/node_modules/*'),
      inImage('find', '/home/node', '-name', '.npm*'),
    ])
    expect([root, home]).toEqual(['', ''])
  })

  it('holds nothing that its user may write to, and no maps, types, compilers and workspaces', async () => {
    expect(await inImage('find', '/app', '-writable', '-not', '-type', 'l')).toBe('')
    expect(await inImage('find', '/app', '-name', '*.map', '-o', '-name', '*.d.ts')).toBe('')
    expect(await inImage('find', '/app', '-xtype', 'l')).toBe('')
    const packages = (await inImage('ls', 'node_modules', 'node_modules/@next')).split('\n')
    expect(packages.filter((each) => /^(swc-|sharp$|playwright|typescript$|vitest$)/.test(each))).toEqual([])
  })
})

describe('compose.yaml', () => {
  const env = {
    JACKSTAFF_SECRET: randomBytes(32).toString('hex'),
    POSTGRES_PASSWORD: randomBytes(16).toString('hex'),
  }
  const urls = { app: '', edge: '' }
  let serverKey: string
  let api: Api

  /** Both end where Postgres does not answer yet, and are started again: this engine waits for nobody's health. */
  const ready = (url: string) =>
    until(`${url} to be ready`, async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok, 120_000)
  const config = (url: string) => fetch(`${url}/config`, { headers: bearer(serverKey) })

  beforeAll(async () => {
    const [APP_PORT, EDGE_PORT] = [String(await freePort()), String(await freePort())]
    Object.assign(urls, { app: `http://127.0.0.1:${APP_PORT}`, edge: `http://127.0.0.1:${EDGE_PORT}` })
    const began = engine.compose(name, ['up', '--detach', '--no-build', 'app', 'edge'], {
      ...env,
      APP_PORT,
      EDGE_PORT,
    })
    await timed('compose up', began)
    await timed('both roles ready', Promise.all([ready(urls.app), ready(urls.edge)]))
  }, 300_000)

  it('is healthy by the check of the image, in both roles', async () => {
    await engine.podman('healthcheck', 'run', app)
    await engine.podman('healthcheck', 'run', edge)
  })

  it('runs without a right: as uid 1000, without capabilities, on files that cannot be written', async () => {
    for (const container of [app, edge]) {
      const status = await engine.podman('exec', container, 'cat', '/proc/self/status')
      expect(status).toMatch(/^Uid:\t1000\t/m)
      expect(status).toMatch(/^CapBnd:\t0+$/m)
      expect(status).toMatch(/^NoNewPrivs:\t1$/m)
      await expect(engine.podman('exec', container, 'touch', '/app/a', '/home/node/a')).rejects.toThrow(
        /Read-only file system/,
      )
    }
  })

  it('sets up its first admin by the link in its log, and serves a flag of theirs in both roles', async () => {
    const [, token] = /\/setup\?token=([\w-]+)/.exec(await engine.podman('logs', app))!
    const setUp = await pageApi(urls.app, '')('POST', '/setup', {
      name: 'Ana',
      email: 'ana@example.com',
      token,
    })
    api = pageApi(urls.app, setUp.headers.get('set-cookie')!.split(';')[0]!)
    serverKey = (await seedShop({ api })).serverKey
    for (const url of [urls.app, urls.edge])
      await until(`the flag at ${url}`, async () => (await (await config(url)).text()).includes('"checkout"'))
    expect((await fetch(`${urls.app}/sign-in`)).status).toBe(200)
    expect((await fetch(`${urls.edge}/api/v1/projects`)).status).toBe(404)
  })

  it('has the jackstaff command, which finds nothing wrong', async () => {
    expect(await engine.podman('exec', app, 'jackstaff', 'doctor')).toContain('Nothing is wrong.')
  })

  it('serves an edge whose role can change no flag, which hears of a kill', async () => {
    const password = randomBytes(16).toString('hex')
    const given = ['--env', `JACKSTAFF_EDGE_PASSWORD=${password}`]
    await engine.podman('exec', ...given, app, 'jackstaff', 'migrate', '--edge-role')
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const database = `postgres://jackstaff_edge:${password}@postgres:5432/jackstaff`
    const container = await begin(
      'dist/edge.mjs',
      { DATABASE_URL: database, JACKSTAFF_SECRET: env.JACKSTAFF_SECRET },
      ['--network', `${name}_default`, `--publish=127.0.0.1:${port}:3000`],
    )
    await ready(url)
    await engine.podman('healthcheck', 'run', container)
    const killed = await api('PUT', `${PRODUCTION}/kill`, { reason: 'test' })
    const version = killed.headers.get('x-jackstaff-version')!.replace('production=', '')
    await until('the kill at the edge', async () =>
      (await config(url)).headers.get('etag')?.includes(version),
    )
    await ended(container)
  })

  it('ends in order when it is told to, in both roles', async () => {
    await ended(edge)
    await ended(app)
  })

  it('ends when it is told to while it still starts, though nobody runs before it in its container', async () => {
    let asked = false
    const silent = createServer(() => {
      asked = true
    }).listen(await freePort(), '127.0.0.1')
    await until('a database that never answers', () => silent.listening)
    const { port } = silent.address() as { port: number }
    const database = `postgres://a:b@127.0.0.1:${port}/a`
    for (const role of ['server', 'edge']) {
      const container = await begin(
        `dist/${role}.mjs`,
        { DATABASE_URL: database, JACKSTAFF_SECRET: 'x'.repeat(32), PORT: String(await freePort()) },
        ['--network=host'],
      )
      await until(`${role} to ask for its database`, () => asked, 60_000)
      asked = false
      await ended(container)
    }
    silent.close()
  })

  /** A container of its own, without rights and with nothing before our process in it. */
  const begin = (program: string, settings: Record<string, string>, network: string[]) =>
    engine.podman(
      ...['run', '--detach', ...HARDENED, ...network],
      ...Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ...[IMAGE, 'node', program],
    )

  /** Told to end as engines do, it ends by itself, with 0. */
  async function ended(container: string): Promise<void> {
    const began = performance.now()
    await engine.podman('stop', '--time=60', container)
    const took = performance.now() - began
    const { State } = await inspected(container)
    expect(State.ExitCode, await engine.podman('logs', container)).toBe(0)
    expect(took).toBeLessThan(END_WITHIN_MS)
  }
})
