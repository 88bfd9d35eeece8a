import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from '@/db/client'
import { INSTALLATION, type Place, type Role } from '@/lib/control/roles'
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

/** The columns that say where a role is held. */
async function placeIn(sql: ReturnType<typeof connect>, { project, environment }: Place) {
  if (project === null) return { project_id: null, environment_id: null }
  const [row] = await sql<{ project_id: number; environment_id: number }[]>`
    select p.id as project_id, e.id as environment_id
    from project p left join environment e on e.project_id = p.id and e.key = ${environment}
    where p.key = ${project}`
  return { ...row! }
}

/** A service token of a role, put straight into the database. */
export async function tokenOf(
  jackstaff: Jackstaff,
  role: Role,
  columns: { expires_at?: Date; revoked_at?: Date } = {},
  place: Place = INSTALLATION,
): Promise<{ id: string; token: string; api: Api }> {
  provide('JACKSTAFF_SECRET', jackstaff.env.JACKSTAFF_SECRET!)
  const { id, token } = newToken('svc')
  const created_by = { kind: 'system', id: 'system', name: 'Jackstaff' }
  const row = { id, kind: 'service', name: role, hash: hashSecret(token), ...columns }
  await withSql(jackstaff, async (sql) => {
    await sql`insert into api_token ${sql({ ...row, created_by: sql.json(created_by) } as never)}`
    await sql`insert into role_grant ${sql({ token_id: id, role, ...(await placeIn(sql, place)) })}`
  })
  return { id, token, api: apiOf(jackstaff.url, token) }
}

/** A person with an open session, put straight into the database. */
export async function personOf(
  jackstaff: Pick<Jackstaff, 'databaseUrl'>,
  role: Role,
  place: Place = INSTALLATION,
): Promise<{ id: string; session: string; cookie: string }> {
  const id = randomUUID()
  const session = randomBytes(32).toString('base64url')
  const token_hash = await sha256(session)
  await withSql(jackstaff, async (sql) => {
    await sql`insert into app_user ${sql({ id, name: role, email: `${role}@example.com` })}`
    await sql`insert into role_grant ${sql({ user_id: id, role, ...(await placeIn(sql, place)) })}`
    const opened = {
      token_hash,
      id: `ses_${id}`,
      user_id: id,
      method: 'link',
      expires: new Date(Date.now() + 3_600_000),
    }
    await sql`insert into session ${sql(opened)}`
  })
  return { id, session, cookie: `jackstaff.session=${session}` }
}

/** A personal token of somebody, put straight into the database. */
export async function personalTokenOf(jackstaff: Jackstaff, userId: string): Promise<string> {
  provide('JACKSTAFF_SECRET', jackstaff.env.JACKSTAFF_SECRET!)
  const { id, token } = newToken('pat')
  const created_by = { kind: 'user', id: userId, name: 'personal' }
  const row = { id, kind: 'personal', user_id: userId, name: 'personal', hash: hashSecret(token) }
  await withSql(
    jackstaff,
    (sql) => sql`insert into api_token ${sql({ ...row, created_by: sql.json(created_by) } as never)}`,
  )
  return token
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

/** Requests as a browser of ours sends them, with the cookie of a session. */
export function browserOf(jackstaff: Pick<Jackstaff, 'url'>, cookie: string): Api {
  const api = apiOf(jackstaff.url, null)
  return (method, path, body, headers = {}) =>
    api(method, path, body, { cookie, 'sec-fetch-site': 'same-origin', ...headers })
}
