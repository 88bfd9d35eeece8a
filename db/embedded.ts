import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from './client'
import { binaries, homeOf, identity, own, socketDirectory } from './embedded-places'
import { bringUp, type Place, runningPostmaster, takeDown } from './postmaster'

const DATABASE = 'jackstaff'
const UNFINISHED = 'pg-new-'
const WATCH_MS = 500
const CONNECTIONS = 60 // as the cluster's file has it from the start: `alter system` raises it

export type Embedded = {
  url: string
  /** The directory that holds the database. */
  home: string
  /** Whether a server left behind by a killed process was found running. */
  recovered: boolean
  /** Starts the server again whenever it ends by itself; `told` hears of each time, with what was in the way if it failed. */
  watch(told: (error: unknown) => void): void
  /** Stops the server: waits for running transactions to end or be rolled back. */
  stop(): Promise<void>
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...identity(), stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${errors.trim()}`)),
    )
  })
}

/** A new cluster appears whole or not at all: a start that is killed amid it spoils nothing. */
async function createCluster(bin: string, home: string, pgData: string): Promise<void> {
  for (const name of readdirSync(home))
    if (name.startsWith(UNFINISHED)) rmSync(join(home, name), { recursive: true })
  const unfinished = mkdtempSync(join(home, UNFINISHED))
  own(unfinished)
  const account = ['-U', 'app', '-A', 'trust']
  const settings = ['-E', 'UTF8', '--no-locale', '-c', `max_connections=${CONNECTIONS}`]
  await run(join(bin, 'initdb'), ['-D', unfinished, ...account, ...settings])
  renameSync(unfinished, pgData)
}

async function createDatabase(url: string): Promise<void> {
  const admin = connect(url, { max: 1 })
  const exists = await admin`select 1 from pg_database where datname = ${DATABASE}`
  if (exists.length === 0) await admin.unsafe(`create database ${DATABASE}`)
  await admin.end()
}

/** Starts the server again when it has ended by itself. Answers with what ends the watch. */
function watchOver(place: Place, told: (error: unknown) => void): () => Promise<void> {
  let reviving: Promise<unknown> | null = null
  const timer = setInterval(() => {
    if (reviving || runningPostmaster(place.pgData) !== null) return
    reviving = bringUp(place)
      .then(() => told(null), told)
      .finally(() => {
        reviving = null
      })
  }, WATCH_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await reviving
  }
}

/**
 * Starts the embedded Postgres in `dataDir`, or attaches to the one a killed process left running.
 *
 * @example const postgres = await startEmbedded('/srv/jackstaff/.jackstaff')
 */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
  const bin = binaries()
  const home = homeOf(dataDir)
  const pgData = join(home, 'pg')
  own(home)
  const socketDir = socketDirectory(home)
  const url = (database: string) =>
    `postgres://app@localhost/${database}?host=${encodeURIComponent(socketDir)}`
  const place = { bin, pgData, socketDir, logFile: join(home, 'postgres.log'), url: url('postgres') }

  if (!existsSync(pgData)) await createCluster(bin, home, pgData)
  const spawned = await bringUp(place)
  await createDatabase(place.url)
  let endWatch = async () => {}

  return {
    url: url(DATABASE),
    home,
    recovered: !spawned,
    watch(told) {
      endWatch = watchOver(place, told)
    },
    async stop() {
      await endWatch()
      await takeDown(pgData)
    },
  }
}
