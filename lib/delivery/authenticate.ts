import type { RefusedFor } from '@/db/usage'
import { readToken } from '@/lib/token'
import { type Ask, problem, type Reply } from './answer'
import { clientName } from './client-name'
import type { Key, KeyRing } from './keys'

const BEARER = /^Bearer ([\x21-\x7e]{1,300})$/i

const MAX_ORIGIN = 300 // of an origin that is written down

const WRONG_KIND = {
  svc: 'this is a service token: it opens the API, not configs; use an SDK key of the environment',
  pat: 'this is a personal token: it opens the API, not configs; use an SDK key of the environment',
} as const

const IN_URL = 'a server key travels only in the Authorization header: revoke this one'
const IN_BROWSER = 'a server key must never reach a browser: revoke it, use a client key'

const refused = (detail: string) => problem(401, 'Key refused', detail, { 'WWW-Authenticate': 'Bearer' })

/** The key as a request carries it, unchecked; null where it carries none. */
export function tokenOf(ask: Ask): string | null {
  return inHeader(ask) ?? ask.query.get('key')
}

export const tokenInBearer = (authorization = '') => BEARER.exec(authorization)?.[1]

/** OFREP knows both headers. */
function inHeader(ask: Ask): string | undefined {
  return tokenInBearer(ask.header('authorization')) ?? ask.header('x-api-key')
}

/**
 * The key of a request, or the reply that says why it is refused. `lookAgain` reads the keys once more: a key made a
 * moment ago may not be in memory yet.
 */
export async function authenticate(
  keys: KeyRing,
  ask: Ask,
  lookAgain: () => Promise<void>,
): Promise<Key | Reply> {
  const refuse = (reason: RefusedFor, keyId: string, reply: Reply): Reply => {
    keys.refusals.add({ reason, keyId, client: clientName(ask) })
    return reply
  }
  const token = tokenOf(ask)
  if (token === null)
    return refuse(
      'absent',
      '',
      refused('send `Authorization: Bearer <SDK key>`, or `?key=` with a client key'),
    )
  const { kind, id = '' } = readToken(token) ?? {}
  if (kind === undefined)
    return refuse('malformed', '', refused('this is not a Jackstaff key, or it was cut short: copy it again'))
  if (kind === 'svc' || kind === 'pat') return refuse('token', '', refused(WRONG_KIND[kind]))
  if (kind === 'srv' && inHeader(ask) === undefined)
    return refuse('in_url', id, problem(403, 'Secret key in a URL', IN_URL))
  const origin = ask.header('origin')
  if (kind === 'srv' && origin !== undefined) {
    const leaked = keys.find(token)
    if (leaked) keys.misused.set(leaked.id, origin.slice(0, MAX_ORIGIN))
    return refuse('in_browser', id, problem(403, 'Secret key in a browser', IN_BROWSER))
  }
  const known = keys.find(token)
  if (known) return known
  await lookAgain()
  return (
    keys.find(token) ??
    refuse('unknown', id, refused('this key was revoked, has expired or belongs to another installation'))
  )
}
