import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Embedded, startEmbedded } from '@/db/embedded'

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

/** A Postgres of a test's own, to be killed, frozen and started again. */
export async function startOwnPostgres() {
  const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-own-'))
  let running: Embedded = await startEmbedded(dataDir)
  const pid = () => {
    const found = postmasterOf(dataDir)
    if (found === null) throw new Error('this Postgres does not run')
    return found
  }
  const signalAll = (signal: NodeJS.Signals) => {
    const postmaster = pid()
    for (const each of [postmaster, ...childrenOf(postmaster)]) process.kill(each, signal)
  }
  return {
    url: running.url,
    kill: () => process.kill(pid(), 'SIGKILL'),
    /** It neither answers nor hangs up, as behind a cut cable. */
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async startAgain() {
      running = await startEmbedded(dataDir)
    },
    async remove() {
      await running.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type OwnPostgres = Awaited<ReturnType<typeof startOwnPostgres>>
