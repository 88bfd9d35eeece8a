import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from './client'
import { identity } from './embedded-places'

const START_MS = 60_000 // crash recovery replays the log before it answers
const STOP_MS = 4_000
const MAX_SPAWNS = 20

/** Where one server lives. `url` names the database that is always there. */
export type Place = { bin: string; pgData: string; socketDir: string; logFile: string; url: string }

/**
 * The postmaster named by `postmaster.pid`, when that process is alive and is one. After a reboot or in a new
 * container the number may belong to another program, which Postgres itself could not tell.
 */
export function runningPostmaster(pgData: string): number | null {
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

function spawnPostmaster({ bin, pgData, socketDir, logFile }: Place): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  const settings = [
    'listen_addresses=',
    'unix_socket_permissions=0700',
    `unix_socket_directories=${socketDir}`,
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
 * Waits for the server to answer, spawning it where none runs; answers whether it had to. A killed postmaster's backends
 * may hold the directory for a moment, so an early end is tried again.
 */
export async function bringUp(place: Place): Promise<boolean> {
  let spawned = 0
  let child: ChildProcess | null = null
  await until(
    async () => {
      if (await answers(place.url)) return true
      const starting = child !== null && child.exitCode === null && child.signalCode === null
      if (!starting && runningPostmaster(place.pgData) === null) {
        if (++spawned > MAX_SPAWNS) throw new Error(`Postgres did not start: see ${place.logFile}`)
        child = spawnPostmaster(place)
      }
      await sleep(spawned * 15)
      return false
    },
    START_MS,
    'Starting Postgres',
  )
  return spawned > 0
}

/** "Fast shutdown": rolls back what is open, writes everything, ends. */
export async function takeDown(pgData: string): Promise<void> {
  const pid = runningPostmaster(pgData)
  if (pid === null) return
  process.kill(pid, 'SIGINT')
  await until(() => runningPostmaster(pgData) !== pid, STOP_MS, 'Stopping Postgres')
}
