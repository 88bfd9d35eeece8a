import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { closeDatabase } from '@/db/client'
import { startEmbedded } from '@/db/embedded'
import { migrate } from '@/db/migrate'
import { installationSecret } from '@/lib/data-dir'
import { env, provide } from '@/lib/env'

const ROOT = resolve(import.meta.dirname, '..') // this runs from dist/

export const MIGRATIONS = resolve(ROOT, 'db/migrations')

type Needs = {
  /** Leaves the schema as it is: for what must work beside another release, or makes the tables itself. */
  asItIs?: boolean
  /** Makes no database where there is none yet. */
  existing?: boolean
}

/** Runs a command against this host's installation: its database and its secret, whether or not the app runs. */
export async function withInstallation<T>(run: () => Promise<T>, needs: Needs = {}): Promise<T> {
  const dataDir = resolve(ROOT, env.dataDir)
  if (needs.existing && !env.databaseUrl && !existsSync(dataDir))
    throw new Error(
      `there is no installation in ${dataDir}: set DATABASE_URL and JACKSTAFF_SECRET, or JACKSTAFF_DATA_DIR`,
    )
  const embedded = env.databaseUrl ? null : await startEmbedded(dataDir)
  if (embedded) provide('DATABASE_URL', embedded.url)
  if (!env.secret) provide('JACKSTAFF_SECRET', installationSecret(dataDir))
  try {
    if (!needs.asItIs) await migrate(env.databaseUrl!, MIGRATIONS)
    return await run()
  } finally {
    await closeDatabase()
    if (embedded && !embedded.recovered) await embedded.stop()
  }
}

/** Ends a command with a message instead of a stack. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}

/** What drizzle wraps, and what a refused connection says of each address, in one line. */
export function messageOf(error: unknown): string {
  const { cause, message, errors } = error as Error & { errors?: Error[] }
  if (cause instanceof Error && message.startsWith('Failed query')) return messageOf(cause)
  return message || errors?.map((each) => each.message).join('; ') || String(error)
}
