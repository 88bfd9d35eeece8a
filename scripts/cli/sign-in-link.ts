import { resolve } from 'node:path'
import { and, asc, eq, isNull } from 'drizzle-orm'
import { closeDatabase, db } from '@/db/client'
import { startEmbedded } from '@/db/embedded'
import { users } from '@/db/schema'
import { newLink } from '@/lib/auth/links'
import { env, provide } from '@/lib/env'

/** Prints a one-time sign-in link for an admin: whoever can run this on the host owns the installation anyway. */
async function main(email: string | undefined): Promise<void> {
  const embedded = env.databaseUrl ? null : await startEmbedded(resolve(env.dataDir))
  if (embedded) provide('DATABASE_URL', embedded.url)
  try {
    const [user] = await db()
      .select()
      .from(users)
      .where(
        and(isNull(users.disabledAt), email === undefined ? eq(users.role, 'admin') : eq(users.email, email)),
      )
      .orderBy(asc(users.createdAt))
      .limit(1)
    if (!user)
      throw new Error(
        email === undefined
          ? 'nobody is set up yet: open the set-up link that `npm start` prints'
          : `nobody signs in as ${email}`,
      )
    const token = await newLink(db(), 'sign-in', user.id)
    process.stdout.write(
      `Sign in as ${user.name} (works once, for 30 minutes):\n${env.publicUrl}/sign-in?token=${token}\n`,
    )
  } finally {
    await closeDatabase()
    if (embedded && !embedded.recovered) await embedded.stop()
  }
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
})
