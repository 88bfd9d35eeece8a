import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Embedded, startEmbedded } from '@/db/embedded'
import { until } from './process'

/** The process that a data directory's embedded Postgres runs as; null when none does. */
export function postmasterOf(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n', 1)[0])
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** One that was listed may have ended since. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function childrenOf(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
  } catch {
    return [] // pgrep ends with 1 where there are none
  }
}

/** With its owner, who may not be the one that tests run as. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to])
  rmSync(join(to, 'postmaster.pid'), { force: true })
}

/** A Postgres of a test's own, to be killed, frozen and started again. */
export async function startOwnPostgres(dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-own-'))) {
  let running: Embedded = await startEmbedded(dataDir)
  const pid = () => {
    const found = postmasterOf(dataDir)
    if (found === null) throw new Error('this Postgres does not run')
    return found
  }
  const signalAll = (signal: NodeJS.Signals) => {
    const postmaster = pid()
    for (const each of [postmaster, ...childrenOf(postmaster)]) send(each, signal)
  }
  const pg = join(dataDir, 'pg')
  const backup = join(dataDir, 'backup')
  const gone = async () => {
    const postmaster = pid()
    const all = [postmaster, ...childrenOf(postmaster)]
    for (const each of all) send(each, 'SIGKILL')
    await until('Postgres to be gone', () => !all.some(isAlive))
  }
  return {
    url: running.url,
    dataDir,
    /** With all its connections, as when the machine is gone. */
    crash: gone,
    kill: () => process.kill(pid(), 'SIGKILL'),
    /** It neither answers nor hangs up, as behind a cut cable. */
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async startAgain() {
      running = await startEmbedded(dataDir)
    },
    /** Keeps a copy of all there is, as a crash would leave it; `restore` puts the last one back. Both restart it. */
    async backUp() {
      await gone()
      rmSync(backup, { recursive: true, force: true })
      copy(pg, backup)
      running = await startEmbedded(dataDir)
    },
    async restore() {
      await gone()
      rmSync(pg, { recursive: true })
      copy(backup, pg)
      running = await startEmbedded(dataDir)
    },
    async remove() {
      await running.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type OwnPostgres = Awaited<ReturnType<typeof startOwnPostgres>>
