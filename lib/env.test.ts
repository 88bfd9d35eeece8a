import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const NAMES = [
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'DATABASE_URL',
  'JACKSTAFF_DATA_DIR',
  'JACKSTAFF_SECRET',
  'JACKSTAFF_BOOTSTRAP_TOKEN',
  'JACKSTAFF_GRPC_PORT',
  'JACKSTAFF_GRPC_TLS_CERT',
  'JACKSTAFF_GRPC_TLS_KEY',
  'JACKSTAFF_WEBHOOK_ALLOW',
  'JACKSTAFF_BREAK_GLASS_HASH',
  'JACKSTAFF_BREAK_GLASS_FILE',
  'LOG_LEVEL',
]

beforeEach(() => {
  vi.resetModules()
  for (const name of NAMES) vi.stubEnv(name, '')
})
afterEach(() => vi.unstubAllEnvs())

/** What a fresh start reads from these variables. */
async function read(variables: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  return import('./env')
}

describe('env', () => {
  it('has a default for everything that may be left out; empty counts as left out', async () => {
    const { env, logLevel } = await read()
    const { port, host, publicUrl, databaseUrl, secret, bootstrapToken } = env
    expect([port, publicUrl, logLevel()]).toEqual([3000, 'http://localhost:3000', 'info'])
    expect([host, databaseUrl, secret, bootstrapToken]).toEqual(Array(4).fill(undefined))
  })

  it('takes what is set', async () => {
    const variables = { PORT: '8080', PUBLIC_URL: 'https://flags.example.com/', LOG_LEVEL: 'warn' }
    const { env, logLevel } = await read(variables)
    expect([env.port, env.publicUrl, logLevel()]).toEqual([8080, 'https://flags.example.com', 'warn'])
  })

  it('takes the break-glass hash from a variable or from a file, and is off without', async () => {
    const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`
    expect((await read()).env.breakGlassHash).toBeNull()
    vi.resetModules()
    expect((await read({ JACKSTAFF_BREAK_GLASS_HASH: hash })).env.breakGlassHash).toBe(hash)
    vi.resetModules()
    const directory = mkdtempSync(join(tmpdir(), 'jackstaff-env-'))
    const file = join(directory, 'hash')
    writeFileSync(file, `${hash}\n`)
    const variables = { JACKSTAFF_BREAK_GLASS_HASH: '', JACKSTAFF_BREAK_GLASS_FILE: file }
    expect((await read(variables)).env.breakGlassHash).toBe(hash)
    rmSync(directory, { recursive: true })
  })

  it.each([
    ['JACKSTAFF_BREAK_GLASS_HASH', 'a passphrase'],
    ['JACKSTAFF_BREAK_GLASS_HASH', '$2b$10$abcdefghijklmnopqrstuu'],
    ['JACKSTAFF_BREAK_GLASS_FILE', '/nowhere/at/all'],
    ['PORT', '0'],
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['PUBLIC_URL', 'flags.example.com'],
    ['PUBLIC_URL', 'ftp://flags.example.com'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['JACKSTAFF_SECRET', 'short'],
    ['JACKSTAFF_BOOTSTRAP_TOKEN', 'short'],
    ['JACKSTAFF_BOOTSTRAP_TOKEN', `with a blank ${'x'.repeat(40)}`],
    ['JACKSTAFF_BOOTSTRAP_TOKEN', 'ключ'.repeat(20)],
    ['JACKSTAFF_GRPC_PORT', 'seven'],
    ['JACKSTAFF_GRPC_TLS_CERT', '/etc/jackstaff/tls.crt'],
    ['JACKSTAFF_GRPC_TLS_KEY', '/etc/jackstaff/tls.key'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s by its name, and does not print a secret', async (name, value) => {
    const { env } = await read({ [name]: value })
    expect(() => env.port).toThrow(name)
    if (name.startsWith('JACKSTAFF')) expect(() => env.port).not.toThrow(value)
  })

  it('listens for gRPC where a port is named, with TLS where both of its files are', async () => {
    expect([(await read()).env.grpcPort, (await read()).env.grpcTls]).toEqual([undefined, null])
    vi.resetModules()
    const files = { JACKSTAFF_GRPC_TLS_CERT: 'tls.crt', JACKSTAFF_GRPC_TLS_KEY: 'tls.key' }
    const { env } = await read({ JACKSTAFF_GRPC_PORT: '8015', ...files })
    expect([env.grpcPort, env.grpcTls]).toEqual([8015, { certificate: 'tls.crt', key: 'tls.key' }])
  })

  it('reads what webhooks may reach inside', async () => {
    expect((await read()).env.webhookAllow).toEqual({ hosts: new Set(), networks: [] })
    vi.resetModules()
    const { env } = await read({ JACKSTAFF_WEBHOOK_ALLOW: 'Hooks.inner, 10.0.0.0/8' })
    expect([...env.webhookAllow.hosts]).toEqual(['hooks.inner'])
    expect(env.webhookAllow.networks).toHaveLength(1)
    vi.resetModules()
    const wrong = await read({ JACKSTAFF_WEBHOOK_ALLOW: 'https://hooks.inner' })
    expect(() => wrong.env.port).toThrow('JACKSTAFF_WEBHOOK_ALLOW: ')
  })

  it('can log what is wrong with the environment, whatever is', async () => {
    const { logLevel } = await read({ PORT: '0', LOG_LEVEL: 'loud' })
    expect(logLevel()).toBe('info')
  })

  it('takes over what the entry provides later', async () => {
    const { env, provide } = await read()
    expect(env.databaseUrl).toBeUndefined()
    provide('DATABASE_URL', 'postgres://app@localhost/jackstaff')
    expect(env.databaseUrl).toBe('postgres://app@localhost/jackstaff')
    vi.stubEnv('DATABASE_URL', '')
  })
})
