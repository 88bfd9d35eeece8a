import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../delivery/cleanup'
import { end, freePort, whenOk } from '../delivery/program'

export type Installation = { readonly url: string; readonly cookie: string }

const UNLIMITED = '1000000000/60' // one machine asks for all: nothing is refused here, and all is counted

async function post(url: string, path: string, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const cookie = response.headers.get('set-cookie')
  if (cookie === null) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return cookie.split(';')[0]!
}

/** The built product on a seeded database of its own. `keep`: where that stays, and is found again by the next run. */
export async function startInstallation(keep: string | undefined): Promise<Installation> {
  const dataDir = keep ?? mkdtempSync(join(tmpdir(), 'jackstaff-bench-'))
  const isSeeded = keep !== undefined && existsSync(keep)
  if (keep === undefined) atEnd(() => rmSync(dataDir, { recursive: true, force: true }))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = {
    ...process.env,
    JACKSTAFF_LIMIT_READS: UNLIMITED,
    JACKSTAFF_LIMIT_WRITES: UNLIMITED,
    NODE_ENV: 'production' as const,
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: '',
    JACKSTAFF_DATA_DIR: dataDir,
  }
  const run = (command: string) =>
    execFileSync(process.execPath, [`dist/${command}.mjs`], { env, encoding: 'utf8' })
  if (!isSeeded) console.log(run('seed-large').trim())

  const child = spawn(process.execPath, ['dist/server.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  atEnd(() => end(child))
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  await whenOk(`${url}/readyz`, { pid: child.pid!, child, end: () => end(child) })
  const setUp = /setup\?token=(\S+)/.exec(printed)?.[1]
  if (setUp !== undefined) {
    const cookie = await post(url, '/setup', { token: setUp, name: 'Ana', email: 'ana@example.com' })
    return { url, cookie }
  }
  const token = /token=(\S+)/.exec(run('sign-in-link'))?.[1]
  return { url, cookie: await post(url, '/sign-in', { token }) }
}
