import { type Ask, CORS, problem, type Reply } from './answer'
import type { Key } from './keys'

const PRIVATE = 'private, no-cache' // a shared cache would not ask where a page is from

/** Why a page may not use a key; null where it may. What is no browser sends no Origin, and is not kept out by one. */
export function refusedOrigin(key: Key, ask: Ask): Reply | null {
  const origin = ask.header('origin')
  if (key.origins.length === 0 || origin === undefined || key.origins.includes(origin)) return null
  const refused = problem(
    403,
    'Origin not allowed',
    `this key serves pages of ${key.origins.join(', ')}: add the origin to the key`,
  )
  return { ...refused, headers: { ...refused.headers, ...corsFor(key, ask) } }
}

/** The CORS headers of a client key: everyone's, unless it names its pages. A page that is refused may read why. */
export function corsFor(key: Key, ask: Ask): Record<string, string> {
  if (key.origins.length === 0) return CORS
  const { 'Access-Control-Allow-Origin': _, ...exposed } = CORS
  const origin = ask.header('origin')
  return { ...exposed, Vary: 'Origin', ...(origin && { 'Access-Control-Allow-Origin': origin }) }
}

/** An answer as pages of the key's origins, and no others, may read it. */
export function withinOrigins(key: Key, ask: Ask, reply: Reply): Reply {
  if (key.origins.length === 0 || !('Access-Control-Allow-Origin' in reply.headers)) return reply
  const { 'Access-Control-Allow-Origin': _, Vary: vary, ...headers } = reply.headers
  const isShared = headers['Cache-Control']?.startsWith('public')
  const allowed = corsFor(key, ask)
  return {
    ...reply,
    headers: {
      ...headers,
      ...allowed,
      Vary: vary === undefined ? 'Origin' : `${vary}, Origin`,
      ...(isShared && { 'Cache-Control': PRIVATE }),
    },
  }
}
