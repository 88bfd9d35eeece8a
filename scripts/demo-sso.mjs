import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ready, say } from './prepare.mjs'

/** A Jackstaff of its own, and an identity provider beside it with two people in groups. Nothing of it is kept. */

await ready()
const { startLocalIdp } = await import('./local-idp.mjs')

const port = Number(process.env.PORT ?? 3000)
const idpPort = Number(process.env.IDP_PORT ?? 3200)
const url = `http://localhost:${port}`
const token = randomBytes(32).toString('hex')
const secret = randomBytes(24).toString('hex')
const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-demo-sso-'))

const idp = await startLocalIdp({
  port: idpPort,
  forgetful: true,
  clients: [{ id: 'jackstaff', secret, redirectUris: [`${url}/api/auth/callback/local`] }],
  people: {
    'person-1': { name: 'Ana', email: 'ana@example.com', groups: ['engineering', 'everyone'] },
    'person-2': { name: 'Rio', email: 'rio@example.com', groups: ['product', 'everyone'] },
  },
})

const server = spawn(process.execPath, ['dist/server.mjs'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: '',
    JACKSTAFF_DATA_DIR: dataDir,
    JACKSTAFF_SECRET: randomBytes(32).toString('hex'),
    JACKSTAFF_BOOTSTRAP_TOKEN: token,
  },
})
server.on('exit', async (code) => {
  await idp.close()
  rmSync(dataDir, { recursive: true, force: true })
  process.exit(code ?? 0)
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))

async function api(method, path, body) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
}

while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) await sleep(200)
await api('POST', '/projects', { key: 'shop', name: 'Shop' })
await api('POST', '/projects/shop/flags', { key: 'checkout', name: 'New checkout', type: 'boolean' })
await api('POST', '/sso/connections', {
  kind: 'oidc',
  key: 'local',
  name: 'Local provider',
  issuer: idp.issuer,
  clientId: 'jackstaff',
  clientSecret: secret,
  scopes: ['openid', 'email', 'profile', 'groups'],
  mapping: [
    { group: 'engineering', role: 'admin' },
    { group: 'product', role: 'publisher', project: 'shop' },
  ],
})

say(`
  Jackstaff runs at ${url}, the identity provider at ${idp.issuer}.

  Open ${url} and continue with "Local provider":
    Ana, an engineer, is an admin by the group engineering. The connection is under Settings, Single sign-on.
    Rio, a product manager, publishes in the project Shop by the group product, and does nothing else.

  Ctrl-C ends both, and nothing of it is kept.
`)
