import { sql } from 'drizzle-orm'
import { db } from '@/db/client'
import { apiTokens } from '@/db/people'
import type { ActorRef } from '@/db/schema'
import { env } from '@/lib/env'
import { hashSecret } from '@/lib/secrets'
import { hasUsers, newLink } from './links'

const BOOTSTRAP_ID = 'svc_bootstrap'
const BY_US: ActorRef = { kind: 'system', id: 'system', name: 'Jackstaff' }

/** The token and what it may do, in one statement: neither is ever there without the other. */
async function createBootstrapToken(token: string): Promise<void> {
  await db().execute(sql`
    with made as (
      insert into api_token (id, kind, name, hash, created_by)
      values (${BOOTSTRAP_ID}, 'service', 'Bootstrap', ${hashSecret(token)}, ${JSON.stringify(BY_US)}::json)
      on conflict do nothing returning id)
    insert into role_grant (token_id, role) select id, 'admin' from made`)
}

/**
 * Prepares an empty installation: an admin service token of the operator's choosing, and a set-up link.
 * Answers with the link to print, or null once somebody is set up.
 */
export async function firstStart(): Promise<string | null> {
  if (await hasUsers(db())) return null
  const tokens = await db().select({ id: apiTokens.id }).from(apiTokens).limit(1)
  if (env.bootstrapToken && tokens.length === 0) await createBootstrapToken(env.bootstrapToken)
  return `${env.publicUrl}/setup?token=${await newLink(db(), 'setup', null)}`
}
