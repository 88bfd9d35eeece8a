import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@/db/client'
import { startEmbedded } from '@/db/embedded'
import { type Api, apiOf, must } from './api'
import { atEnd } from './cleanup'
import { FLAGS } from './dataset'
import { freePort, type Program, start, whenOk } from './program'
import { addFlags } from './seed'

export type Endpoint = { url: string; port: number; program: Program }

/** The product on a database of its own, with an environment of 1,000 flags, and room for databases of others. */
export type Stand = {
  databaseUrl: string
  /** One process for everything, as `npm start` has it. */
  product: Endpoint
  api: Api
  /** Of an admin. */
  token: string
  serverKey: string
  /** Starts delivery alone beside it, on the same database. */
  edge(): Promise<Endpoint>
  /** Begins to start an edge and does not wait for it. */
  spawnEdge(): Promise<Endpoint>
  createDatabase(name: string): Promise<URL>
}

/** For example `--cpu-prof --cpu-prof-dir=/tmp/profiles`, to see what the product does meanwhile. */
const NODE_FLAGS = process.env.BENCH_NODE_FLAGS?.split(' ') ?? []

export const PROJECT = 'harbour'
export const ENVIRONMENT = 'production'
async function database(name: string, url: string): Promise<URL> {
  const admin = connect(url, { max: 1 })
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  const named = new URL(url)
  named.pathname = `/${name}`
  return named
}

export async function startStand(): Promise<Stand> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-bench-'))
  atEnd(() => rmSync(dataDir, { recursive: true, force: true }))
  const postgres = await startEmbedded(dataDir)
  atEnd(() => postgres.stop())
  const token = randomBytes(24).toString('hex')
  const environment = {
    ...process.env,
    // one machine asks for all: nothing is refused here, and all is counted
    JACKSTAFF_LIMIT_READS: '1000000000/60',
    JACKSTAFF_LIMIT_WRITES: '1000000000/60',
    JACKSTAFF_LIMIT_KILLS: '1000000000/60',
    JACKSTAFF_LIMIT_CONFIG: '1000000000/60',
    JACKSTAFF_LIMIT_STREAMS: '1000000000/60',
    JACKSTAFF_LIMIT_TELEMETRY: '1000000000/60',
    NODE_ENV: 'production' as const,
    DATABASE_URL: postgres.url,
    JACKSTAFF_SECRET: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'error',
  }

  const launch = async (entry: string): Promise<Endpoint> => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const env = {
      ...environment,
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: url,
      JACKSTAFF_BOOTSTRAP_TOKEN: token,
    }
    return { url, port, program: start(process.execPath, [...NODE_FLAGS, entry], { env }) }
  }
  const product = await launch('dist/server.mjs')
  await whenOk(`${product.url}/readyz`, product.program)
  const api = apiOf(product.url, token)
  await must(api('POST', '/projects', { key: PROJECT, name: 'Harbour' }))
  await addFlags(postgres.url, PROJECT, ENVIRONMENT, FLAGS)
  const keys = `/projects/${PROJECT}/environments/${ENVIRONMENT}/keys`
  const made = await must(api('POST', keys, { kind: 'server', name: 'bench' }))

  return {
    databaseUrl: postgres.url,
    product,
    api,
    token,
    serverKey: made.body.key!,
    spawnEdge: () => launch('dist/edge.mjs'),
    async edge() {
      const edge = await launch('dist/edge.mjs')
      await whenOk(`${edge.url}/readyz`, edge.program)
      return edge
    },
    createDatabase: (name) => database(name, postgres.url),
  }
}
