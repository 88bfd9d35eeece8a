import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ready, say } from './prepare.mjs'

/** Opens examples/shop against the Jackstaff that runs on this host. */

await ready({ providers: true })

const url = process.env.PUBLIC_URL ?? `http://localhost:${process.env.PORT ?? 3000}`
const port = process.env.SHOP_PORT ?? '3100'
const running = await fetch(`${url}/readyz`).catch(() => null)
if (!running?.ok) {
  say(`Jackstaff does not answer at ${url}. Start it first, in another terminal: npm start`)
  process.exit(1)
}

const directory = mkdtempSync(join(tmpdir(), 'jackstaff-demo-'))
const file = join(directory, 'keys.json')
const { status } = spawnSync(process.execPath, ['dist/seed-demo.mjs', file], { stdio: 'inherit' })
if (status !== 0) process.exit(1)
const { serverKey, clientKey } = JSON.parse(readFileSync(file, 'utf8'))
rmSync(directory, { recursive: true })

say(`The flags are at ${url}/projects/harbour/flags: change them and watch the shop.`)
const shop = spawn(process.execPath, ['examples/shop/server.mjs'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PORT: port,
    JACKSTAFF_URL: url,
    JACKSTAFF_SERVER_KEY: serverKey,
    JACKSTAFF_CLIENT_KEY: clientKey,
  },
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => shop.kill(signal))
shop.on('exit', (code) => process.exit(code ?? 0))
