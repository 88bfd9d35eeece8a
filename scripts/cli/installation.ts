import { resolve } from 'node:path'
import { closeDatabase } from '@/db/client'
import { startEmbedded } from '@/db/embedded'
import { migrate } from '@/db/migrate'
import { installationSecret } from '@/lib/data-dir'
import { env, provide } from '@/lib/env'

/** Runs a command against this host's installation: its database and its secret, whether or not the app runs. */
export async function withInstallation(run: () => Promise<void>): Promise<void> {
  const dataDir = resolve(env.dataDir)
  const embedded = env.databaseUrl ? null : await startEmbedded(dataDir)
  if (embedded) provide('DATABASE_URL', embedded.url)
  if (!env.secret) provide('JACKSTAFF_SECRET', installationSecret(dataDir))
  try {
    await migrate(env.databaseUrl!, 'db/migrations')
    await run()
  } finally {
    await closeDatabase()
    if (embedded && !embedded.recovered) await embedded.stop()
  }
}

/** Ends a command with a message instead of a stack. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
