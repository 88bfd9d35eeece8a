import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from './client'
import { binaries, homeOf, identity, own, socketDirectory } from './embedded-places'

const DATABASE = 'jackstaff'
const START_MS = 60_000 // crash recovery replays the log before it answers
const MAX_SPAWNS = 20

export type Embedded = {
  url: string
  /** The directory that holds the database. */
  home: string
  /** Whether a server left behind by a killed process was found running. */
  recovered: boolean
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

/**
 * The postmaster named by `postmaster.pid`, when that process is alive and is one. After a reboot or in a new
 * container the number may belong to another program, which Postgres itself could not tell.
 */
function runningPostmaster(pgData: string): number | null {
  try {
    const pid = Number(readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
    process.kill(pid, 0)
    const command = `/proc/${pid}/cmdline`
    if (!existsSync(command) || readFileSync(command, 'utf8').includes(pgData)) return pid
    rmSync(join(pgData, 'postmaster.pid'))
    return null
  } catch {
    return null
  }
}

async function answers(url: string): Promise<boolean> {
  const sql = connect(url, { max: 1, connect_timeout: 2, backoff: false as never })
  try {
    await sql`select 1`
    return true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function until(done: () => Promise<boolean> | boolean, withinMs: number, what: string): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`${what} took longer than ${withinMs / 1000} s`)
    await sleep(15)
  }
}

function spawnPostmaster(bin: string, pgData: string, socketDir: string, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  const settings = [
    'listen_addresses=',
    'unix_socket_permissions=0700',
    `unix_socket_directories=${socketDir}`,
    'max_connections=60',
    'timezone=UTC',
  ]
  const child = spawn(join(bin, 'postgres'), ['-D', pgData, ...settings.flatMap((s) => ['-c', s])], {
    ...identity(),
    // A group of its own: Ctrl+C in the terminal reaches the app alone, which then stops the server in order.
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  return child
}

/**
 * Waits for the server to answer, spawning it where none runs. A killed postmaster's backends may hold the
 * directory for a moment, so an early end is tried again.
 */
async function bringUp(start: () => ChildProcess, running: () => number | null, url: string, log: string) {
  let spawned = 0
  let child: ChildProcess | null = null
  await until(
    async () => {
      if (await answers(url)) return true
      const starting = child !== null && child.exitCode === null && child.signalCode === null
      if (!starting && running() === null) {
        if (++spawned > MAX_SPAWNS) throw new Error(`Postgres did not start: see ${log}`)
        child = start()
      }
      await sleep(spawned * 15)
      return false
    },
    START_MS,
    'Starting Postgres',
  )
  return spawned > 0
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

  if (!existsSync(join(pgData, 'PG_VERSION'))) {
    rmSync(pgData, { recursive: true, force: true })
    own(pgData)
    chmodSync(pgData, 0o700)
    await run(join(bin, 'initdb'), ['-D', pgData, '-U', 'app', '-A', 'trust', '-E', 'UTF8', '--no-locale'])
  }

  const logFile = join(home, 'postgres.log')
  const spawned = await bringUp(
    () => spawnPostmaster(bin, pgData, socketDir, logFile),
    () => runningPostmaster(pgData),
    url('postgres'),
    logFile,
  )

  const admin = connect(url('postgres'), { max: 1 })
  const exists = await admin`select 1 from pg_database where datname = ${DATABASE}`
  if (exists.length === 0) await admin.unsafe(`create database ${DATABASE}`)
  await admin.end()

  return {
    url: url(DATABASE),
    home,
    recovered: !spawned,
    async stop() {
      const pid = runningPostmaster(pgData)
      if (pid === null) return
      process.kill(pid, 'SIGINT') // "fast shutdown": roll back what is open, write everything, end
      await until(() => runningPostmaster(pgData) === null, 4_000, 'Stopping Postgres')
    },
  }
}
