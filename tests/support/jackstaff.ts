import { randomBytes } from 'node:crypto'
import { type Api, apiOf } from './api'
import { freshDatabase } from './database'
import { freePort, type Program, start, until } from './process'

export type Jackstaff = {
  url: string
  databaseUrl: string
  program: Program
  token: string
  env: Record<string, string>
  /** One request to the API with the admin token; `headers` may replace it. */
  api: Api
  /** A new process in the place of one that has ended. */
  startAgain(): Promise<void>
  stop(): Promise<void>
}

/** A connection refused: nothing listens yet. */
const quiet = () => null

export async function whenReady(url: string, program: Program, withinMs = 60_000): Promise<void> {
  await until(
    `${url} to be ready; it printed:\n${program.output()}`,
    async () => {
      if (program.child.exitCode !== null) throw new Error(`it ended: ${program.output()}`)
      return (await fetch(`${url}/readyz`).catch(quiet))?.ok
    },
    withinMs,
  )
}

/** The whole product as it ships, on a database of its own. `npm run build` comes first. */
export async function startJackstaff(extra: Record<string, string> = {}): Promise<Jackstaff> {
  const database = await freshDatabase()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const token = `test-${randomBytes(24).toString('hex')}`
  const env = {
    NODE_ENV: 'production',
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    JACKSTAFF_SECRET: randomBytes(32).toString('hex'),
    JACKSTAFF_BOOTSTRAP_TOKEN: token,
    ...extra,
  }
  const begin = async () => {
    const program = start(process.execPath, ['dist/server.mjs'], env)
    await whenReady(url, program)
    return program
  }
  const jackstaff: Jackstaff = {
    url,
    databaseUrl: env.DATABASE_URL,
    program: await begin(),
    token,
    env,
    api: apiOf(url, token),
    async startAgain() {
      jackstaff.program = await begin()
    },
    async stop() {
      await jackstaff.program.end()
      await database.drop()
    },
  }
  return jackstaff
}

/** A project with a boolean flag `checkout`, and an SDK key of each kind for production. */
export async function seedShop({ api }: Pick<Jackstaff, 'api'>) {
  await api('POST', '/projects', { key: 'shop', name: 'Shop' })
  await api('POST', '/projects/shop/flags', {
    key: 'checkout',
    name: 'New checkout',
    type: 'boolean',
    browser: true,
  })
  const keys = '/projects/shop/environments/production/keys'
  const server = await api('POST', keys, { kind: 'server', name: 'server' })
  const client = await api('POST', keys, { kind: 'client', mode: 'full', name: 'browser' })
  return { serverKey: server.body.key as string, clientKey: client.body.key as string }
}

export const PRODUCTION = '/projects/shop/flags/checkout/environments/production'

/** Boolean targeting that serves `on` to a share of everyone. */
export const share = (percent: number, on = true) => ({
  on,
  offVariant: 'off',
  fallthrough: {
    rollout: {
      share: Math.round(percent * 1_000),
      split: [{ variant: 'on', weight: 100_000 }],
      rest: { variant: 'off' },
    },
  },
})
