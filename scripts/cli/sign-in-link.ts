import { and, asc, eq, inArray, isNotNull, isNull, ne } from 'drizzle-orm'
import { db } from '@/db/client'
import { roleGrants, users } from '@/db/people'
import { newLink } from '@/lib/auth/links'
import { BREAK_GLASS } from '@/lib/control/people/authority'
import { env } from '@/lib/env'
import { reportFailure, withInstallation } from './installation'

/** Prints a one-time sign-in link: whoever can run this on the host owns the installation anyway. */
async function printLink(email: string | undefined): Promise<void> {
  const admins = db()
    .select({ id: roleGrants.userId })
    .from(roleGrants)
    .where(
      and(
        eq(roleGrants.role, 'admin'),
        isNull(roleGrants.projectId),
        isNotNull(roleGrants.userId),
        ne(roleGrants.userId, BREAK_GLASS),
      ),
    )
  const [user] = await db()
    .select()
    .from(users)
    .where(
      and(isNull(users.disabledAt), email === undefined ? inArray(users.id, admins) : eq(users.email, email)),
    )
    .orderBy(asc(users.createdAt))
    .limit(1)
  if (!user && email !== undefined) throw new Error(`nobody signs in as ${email}`)
  if (!user) throw new Error('nobody is set up yet: open the set-up link that `npm start` prints')
  const token = await newLink(db(), 'sign-in', user.id)
  process.stdout.write(
    `Sign in as ${user.name} (works once, for 30 minutes):\n${env.publicUrl}/sign-in?token=${token}\n`,
  )
}

withInstallation(() => printLink(process.argv[2])).catch(reportFailure)
