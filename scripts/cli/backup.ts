import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { eq, isNull } from 'drizzle-orm'
import { writeBackup } from '@/db/backup'
import { checkBackup, type Header } from '@/db/backup-file'
import { closeDatabase, db } from '@/db/client'
import { loadBackup } from '@/db/restore'
import { environments, projects } from '@/db/schema'
import { beginRestoredEpoch } from '@/lib/control/raise-epoch'
import { env } from '@/lib/env'
import { secretFor } from '@/lib/secrets'

import { type Command, hostContext, only, read, say } from './command'
import { MIGRATIONS, withInstallation } from './installation'

/** Tells secrets apart, and nothing about them. */
const fingerprint = () => createHash('sha256').update(secretFor('backup')).digest('hex').slice(0, 16)

const mebibytes = (file: string) => `${(statSync(file).size / 1_048_576).toFixed(1)} MiB`

async function backUp(args: string[]): Promise<number> {
  const file = only(read(args, {}).positionals, 'the file to write')
  if (existsSync(file)) throw new Error(`${file} exists: name a new file, or remove it`)
  return withInstallation(
    async () => {
      const written = await writeBackup(env.databaseUrl!, file, {
        migrations: MIGRATIONS,
        secret: fingerprint(),
      })
      say(`${file}: ${written.tables} tables as of ${written.at}, ${mebibytes(file)}.`)
      say(
        'JACKSTAFF_SECRET is not in it. Keep that elsewhere: without it no key, session or token works again.',
      )
      return 0
    },
    { asItIs: true, existing: true },
  )
}

export const backup: Command = {
  about: 'write all there is to a file, while everything runs on',
  usage: 'jackstaff backup FILE',
  run: backUp,
}

function assertSecret(file: string, header: Header, isLost: boolean): void {
  if (isLost || header.secret === fingerprint()) return
  throw new Error(
    `${file} was made with another JACKSTAFF_SECRET: set that one. If it is lost, --secret-lost restores flags and history; ` +
      'SDK keys, tokens, sessions and webhook secrets are to be made again, and the audit chain counts as changed',
  )
}

/** Clients never go back within an epoch: where history is another, a new one begins. */
async function beginEpochs(before: ReadonlyMap<string, number>, at: string): Promise<string[]> {
  const places = await db()
    .select({ project: projects.key, environment: environments.key })
    .from(environments)
    .innerJoin(projects, eq(projects.id, environments.projectId))
    .where(isNull(environments.deletedAt))
  const begun: string[] = []
  for (const place of places) {
    const name = `${place.project}/${place.environment}`
    const input = { ...place, above: before.get(name) ?? 0, backup: at }
    const { versions = {} } = await beginRestoredEpoch.answer(hostContext('restore'), input)
    begun.push(`${name} at ${versions[place.environment]}`)
  }
  return begun
}

async function restoreFrom(args: string[]): Promise<number> {
  const { values, positionals } = read(args, {
    replace: { type: 'boolean', default: false },
    'secret-lost': { type: 'boolean', default: false },
  })
  const file = only(positionals, 'the file to restore')
  const { header, rows } = await checkBackup(file)
  return withInstallation(
    async () => {
      assertSecret(file, header, values['secret-lost'])
      const options = { migrations: MIGRATIONS, replace: values.replace }
      const before = await loadBackup(env.databaseUrl!, file, header, options)
      await closeDatabase() // its statements were prepared for tables that are gone
      const begun = await beginEpochs(before, header.at)
      say(`${file}: ${rows} rows as of ${header.at} are restored.`)
      say(begun.length === 0 ? 'It has no environments.' : `New epochs began: ${begun.join(', ')}.`)
      say(
        'Start Jackstaff. If edges have a role of their own, run `jackstaff migrate --edge-role` once more.',
      )
      return 0
    },
    { asItIs: true },
  )
}

export const restore: Command = {
  about: 'put a backup into a database, and begin new epochs so that every client converges',
  usage: `jackstaff restore FILE [--replace] [--secret-lost]

  --replace      give up what the database holds; without it, one that is not empty is refused
  --secret-lost  restore although JACKSTAFF_SECRET is not the one of the backup`,
  run: restoreFrom,
}
