import { execFileSync } from 'node:child_process'
import { appendFileSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@/db/client'
import { startEmbedded } from '@/db/embedded'
import { identity } from '@/db/embedded-places'
import type { OwnPostgres } from './own-postgres'
import { until } from './process'

/** Runs one statement of its own connection. */
async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = connect(url, { max: 1 })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

/** A copy of what a running Postgres has, which it can be started from. */
async function baseBackup({ url, dataDir }: OwnPostgres, to: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  await sql`select pg_backup_start('replica', true)`
  execFileSync('cp', ['-a', join(dataDir, 'pg'), to])
  const [row] = await sql<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`
  await sql.end()
  rmSync(join(to, 'postmaster.pid'), { force: true })
  writeFileSync(join(to, 'backup_label'), row!.labelfile)
  writeFileSync(join(to, 'standby.signal'), '')
  const socket = new URL(url).searchParams.get('host')
  appendFileSync(join(to, 'postgresql.auto.conf'), `primary_conninfo = 'host=${socket} user=app'\n`)
  const { uid, gid } = identity() as { uid?: number; gid?: number }
  if (uid === undefined || gid === undefined) return
  for (const file of ['backup_label', 'standby.signal']) chownSync(join(to, file), uid, gid)
}

/** A Postgres that follows another one by streaming replication, and can take over. */
export async function startReplica(primary: OwnPostgres, { synchronous }: { synchronous: boolean }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'jackstaff-replica-'))
  await baseBackup(primary, join(dataDir, 'pg'))
  const running = await startEmbedded(dataDir)
  if (synchronous) {
    await ask(primary.url, "alter system set synchronous_standby_names = '*'")
    await ask(primary.url, 'select pg_reload_conf()')
  }
  const wanted = synchronous ? 'sync' : 'async'
  await until(`a replica that is ${wanted}`, async () => {
    const [row] = await ask(primary.url, 'select state, sync_state from pg_stat_replication')
    return row?.state === 'streaming' && row.sync_state === wanted
  })
  return {
    url: running.url,
    /** It hears nothing more: from here on it lags. */
    async fallBehind() {
      await ask(running.url, "alter system set primary_conninfo = ''")
      await ask(running.url, 'select pg_reload_conf()')
      await until(
        'it to hear nothing',
        async () => (await ask(running.url, 'select 1 from pg_stat_wal_receiver')).length === 0,
      )
    },
    /** It takes over, with what it has. */
    async promote() {
      await ask(running.url, 'select pg_promote()')
    },
    async remove() {
      await running.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type Replica = Awaited<ReturnType<typeof startReplica>>
