import { db } from '@/db/client'
import { apiTokens } from '@/db/schema'
import { env } from '@/lib/env'
import { hashSecret } from '@/lib/secrets'
import { hasUsers, newLink } from './links'

const BOOTSTRAP_ID = 'svc_bootstrap'

/**
 * Prepares an empty installation: an admin service token of the operator's choosing, and a set-up link.
 * Answers with the link to print, or null once somebody is set up.
 */
export async function firstStart(): Promise<string | null> {
  if (await hasUsers(db())) return null
  const tokens = await db().select({ id: apiTokens.id }).from(apiTokens).limit(1)
  if (env.bootstrapToken && tokens.length === 0)
    await db()
      .insert(apiTokens)
      .values({ id: BOOTSTRAP_ID, name: 'Bootstrap', role: 'admin', hash: hashSecret(env.bootstrapToken) })
      .onConflictDoNothing()
  return `${env.publicUrl}/setup?token=${await newLink(db(), 'setup', null)}`
}
