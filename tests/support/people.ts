import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from '@/db/client'
import type { Role } from '@/lib/control/roles'
import { provide } from '@/lib/env'
import { hashSecret } from '@/lib/secrets'
import { newToken } from '@/lib/token'
import { type Api, apiOf } from './api'
import type { Jackstaff } from './jackstaff'

const sha256 = async (text: string) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex')

/** Runs SQL against the database of a running product. */
export async function withSql<T>(
  jackstaff: Pick<Jackstaff, 'databaseUrl'>,
  run: (sql: ReturnType<typeof connect>) => Promise<T>,
): Promise<T> {
  const sql = connect(jackstaff.databaseUrl, { max: 1 })
  try {
    return await run(sql)
  } finally {
    await sql.end()
  }
}

/** A service token of a role, put straight into the database. */
export async function tokenOf(
  jackstaff: Jackstaff,
  role: Role,
  columns: { expires_at?: Date; revoked_at?: Date } = {},
): Promise<{ id: string; token: string; api: Api }> {
  provide('JACKSTAFF_SECRET', jackstaff.env.JACKSTAFF_SECRET!)
  const { id, token } = newToken('svc')
  const row = { id, name: role, role, hash: hashSecret(token), ...columns }
  await withSql(jackstaff, (sql) => sql`insert into api_token ${sql(row)}`)
  return { id, token, api: apiOf(jackstaff.url, token) }
}

/** A person with an open session, put straight into the database. */
export async function personOf(
  jackstaff: Jackstaff,
  role: Role,
): Promise<{ id: string; session: string; cookie: string }> {
  const id = randomUUID()
  const session = randomBytes(32).toString('base64url')
  const token_hash = await sha256(session)
  await withSql(jackstaff, async (sql) => {
    await sql`insert into app_user ${sql({ id, name: role, email: `${role}@example.com`, role })}`
    await sql`insert into session (token_hash, user_id, expires) values (${token_hash}, ${id}, now() + interval '1 hour')`
  })
  return { id, session, cookie: `jackstaff.session=${session}` }
}

/** A fresh sign-in link for a person, as the command line would print it; answers with its token. */
export async function signInLinkFor(
  jackstaff: Jackstaff,
  userId: string,
  expires = '30 minutes',
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const token_hash = await sha256(token)
  await withSql(
    jackstaff,
    (sql) =>
      sql`insert into one_time_link (token_hash, purpose, user_id, expires_at) values (${token_hash}, 'sign-in', ${userId}, now() + ${expires}::interval)`,
  )
  return token
}
