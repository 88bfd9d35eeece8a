import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Keys, publishBanner, publishCheckout, seedExample } from '../support/example'
import { isFlagdDefinition } from '../support/flagd-schema'
import { type Jackstaff, startJackstaff, whenReady } from '../support/jackstaff'
import { freePort, type Program, start, until } from '../support/process'

// flagd.sync.v1 as its published provider asks for it, and call by call through another encoding than ours.

const KEYS = '/projects/harbour/environments/production/keys'
const KILL = '/projects/harbour/flags/new-checkout/environments/production/kill'
const HERE = 'harbour/production'
const certificates = mkdtempSync(join(tmpdir(), 'jackstaff-tls-'))
const certificate = join(certificates, 'tls.crt')
const privateKey = join(certificates, 'tls.key')

let jackstaff: Jackstaff
let secured: Jackstaff
let keys: Keys

const withGrpc = async (extra: Record<string, string> = {}) =>
  startJackstaff({ HOST: '127.0.0.1', JACKSTAFF_GRPC_PORT: String(await freePort()), ...extra })
const portOf = ({ env }: Jackstaff) => env.JACKSTAFF_GRPC_PORT!

beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const files = ['-keyout', privateKey, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' })
  jackstaff = await withGrpc()
  secured = await withGrpc({ JACKSTAFF_GRPC_TLS_CERT: certificate, JACKSTAFF_GRPC_TLS_KEY: privateKey })
  keys = await seedExample(jackstaff)
  await publishCheckout(jackstaff, 100)
})
afterAll(async () => {
  await jackstaff?.stop()
  await secured?.stop()
  rmSync(certificates, { recursive: true, force: true })
})

type Details = { value: unknown; reason: string; flagMetadata: Record<string, unknown> }
type Said = { event: string; message?: string; checkout: Details; banner: Details; nowhere: Details }

const apps: Program[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.end('SIGKILL')
})

/** An application with the provider of flagd. */
function application(selector: string, at = jackstaff, env: Record<string, string> = {}) {
  const app = start(process.execPath, ['tests/frameworks/interop/flagd.mjs'], {
    GRPC_PORT: portOf(at),
    SELECTOR: selector,
    ...env,
  })
  apps.push(app)
  const said = (): Said[] =>
    app
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
  const hears = (event: string, is: (said: Said) => boolean = () => true) =>
    until(`"${event}" from an application that said ${app.output()}`, () =>
      said().find((one) => one.event === event && is(one)),
    )
  return { hears, output: app.output }
}

describe('the published provider of flagd, in process', () => {
  it('decides as Jackstaff does, and follows a publish and a kill', async () => {
    const app = application(keys.serverKey)
    const { checkout, banner } = await app.hears('ready')
    expect([checkout.value, banner.value]).toEqual([true, ''])
    await publishBanner(jackstaff, 'sale')
    await app.hears('changed', ({ banner }) => banner.value === '10 % off everything')
    const kill = await jackstaff.api('PUT', KILL, { reason: 'the till is on fire' })
    expect(kill.status).toBe(200)
    await app.hears('changed', ({ checkout }) => checkout.value === false)
    const lifted = await jackstaff.api('DELETE', KILL, undefined, { 'if-match': `"${kill.body.id}"` })
    expect(lifted.status).toBe(204)
    await app.hears('changed', ({ checkout, banner }) => checkout.value === true && banner.value !== '')
  })

  it('never hands the key on that it was given as a selector', async () => {
    const { hears, output } = application(keys.serverKey)
    const { checkout, nowhere } = await hears('ready')
    expect(checkout.flagMetadata).toMatchObject({ scope: HERE, flagSetId: HERE })
    expect(nowhere.flagMetadata).toMatchObject({ scope: HERE })
    expect(output()).not.toContain(keys.serverKey)
  })

  it('is left alone once its key is revoked, and keeps what it has', async () => {
    const { body } = await jackstaff.api('POST', KEYS, { kind: 'server', name: 'for a while' })
    const app = application(body.key)
    await app.hears('ready')
    await jackstaff.api('DELETE', `${KEYS}/${body.id}`)
    const { message, checkout } = await app.hears('stale')
    expect(message).toContain('this key was revoked')
    expect(checkout).toMatchObject({ value: true, reason: 'STATIC' })
  })

  it('comes back after a restart', async () => {
    const app = application(keys.serverKey)
    await app.hears('ready')
    await jackstaff.program.end()
    expect((await app.hears('stale')).message).toContain('this process ends')
    await jackstaff.startAgain()
    await publishBanner(jackstaff, 'shipping')
    await app.hears('changed', ({ banner }) => banner.value === 'Free shipping this week')
  })

  it('is served by an edge as well', async () => {
    const ports = { PORT: String(await freePort()), JACKSTAFF_GRPC_PORT: String(await freePort()) }
    const edge = start(process.execPath, ['dist/edge.mjs'], { ...jackstaff.env, ...ports })
    apps.push(edge)
    await whenReady(`http://127.0.0.1:${ports.PORT}`, edge)
    const app = application(keys.serverKey, { ...jackstaff, env: { ...jackstaff.env, ...ports } })
    expect((await app.hears('ready')).checkout.value).toBe(true)
  })

  it('is named when its port is taken', async () => {
    const edge = start(process.execPath, ['dist/edge.mjs'], {
      ...jackstaff.env,
      PORT: String(await freePort()),
    })
    apps.push(edge)
    await until('the edge to end', () => edge.child.exitCode !== null)
    expect(edge.output()).toContain(`JACKSTAFF_GRPC_PORT: port ${portOf(jackstaff)} cannot be used`)
  })

  it('speaks TLS where there is a certificate', async () => {
    const own = await seedExample(secured)
    const app = application(own.serverKey, secured, { CERT_PATH: certificate })
    expect((await app.hears('ready')).checkout.reason).not.toBe('ERROR')
    const plain = application(own.serverKey, secured)
    await plain.hears('refused')
  })
})

type Call = { method: string; request?: object; metadata?: Record<string, string> }
type End = { code: number; details?: string; answer?: Record<string, never> }

async function callAll(calls: readonly Call[]): Promise<End[]> {
  const env = {
    ...process.env,
    ADDRESS: `127.0.0.1:${portOf(jackstaff)}`,
    CALLS: JSON.stringify(calls),
  }
  const args = ['tests/frameworks/interop/calls.mjs']
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 20_000 })
  return JSON.parse(stdout)
}

const [UNAUTHENTICATED, PERMISSION_DENIED] = [16, 7]

describe('flagd.sync.v1', () => {
  const authorized = (key = keys.serverKey) => ({ authorization: `Bearer ${key}` })

  it('answers each of its calls', async () => {
    const metadata = authorized()
    const [stream, all, about] = await callAll([
      { method: 'SyncFlags', metadata },
      { method: 'FetchAllFlags', metadata },
      { method: 'GetMetadata', metadata },
    ])
    expect([stream!.code, all!.code, about!.code]).toEqual([0, 0, 0])
    expect(stream!.answer).toEqual(all!.answer)
    const definition = JSON.parse(all!.answer!.flag_configuration!)
    expect(isFlagdDefinition(definition)).toBe(true)
    const overHttp = await fetch(`${jackstaff.url}/flagd/${HERE}.json`, { headers: metadata })
    expect(definition).toEqual(await overHttp.json())
    expect(about!.answer).toEqual({
      metadata: { fields: { flagSetId: expect.objectContaining({ stringValue: HERE }) } },
    })
  })

  it('takes the key from where a provider can put it', async () => {
    const key = keys.serverKey
    const ends = await callAll([
      { method: 'FetchAllFlags', metadata: authorized(), request: { selector: HERE } },
      { method: 'FetchAllFlags', metadata: { ...authorized(), 'flagd-selector': `flagSetId=${HERE}` } },
      { method: 'FetchAllFlags', request: { provider_id: key, selector: HERE } },
      { method: 'FetchAllFlags', request: { selector: key } },
      { method: 'FetchAllFlags', metadata: { 'flagd-selector': key } },
    ])
    expect(ends.map(({ code, details }) => details ?? code)).toEqual([0, 0, 0, 0, 0])
  })

  it.each(['SyncFlags', 'FetchAllFlags', 'GetMetadata'])(
    'refuses %s without a key that may have the rules',
    async (method) => {
      const [none, broken, personal, client] = await callAll([
        { method },
        { method, metadata: { 'flagd-selector': `${keys.serverKey.slice(0, -8)}00000000` } },
        { method, metadata: authorized(jackstaff.token) },
        { method, metadata: authorized(keys.clientKey) },
      ])
      expect([none, broken, personal].map((end) => end!.code)).toEqual(Array(3).fill(UNAUTHENTICATED))
      expect(none!.details).toContain('authorization: Bearer <server key>')
      expect(client).toEqual({
        code: PERMISSION_DENIED,
        details: 'this is a client key: flagd needs a server key',
      })
    },
  )

  it('refuses the name of another environment', async () => {
    const other = { method: 'SyncFlags', metadata: authorized(), request: { selector: 'harbour/staging' } }
    expect(await callAll([other])).toEqual([
      { code: PERMISSION_DENIED, details: `this key opens ${HERE}, not harbour/staging` },
    ])
  })
})
