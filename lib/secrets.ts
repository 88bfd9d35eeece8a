import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { env } from './env'

export type Purpose =
  | 'token-pepper'
  | 'session'
  | 'idempotency'
  | 'cache'
  | 'relay'
  | 'audit'
  | 'webhooks'
  | 'sso'
  | 'backup'

const derived = new Map<Purpose, Buffer>()

/** A 32-byte key for one purpose, derived from JACKSTAFF_SECRET. */
export function secretFor(purpose: Purpose): Buffer {
  const known = derived.get(purpose)
  if (known) return known
  if (!env.secret)
    throw new Error('JACKSTAFF_SECRET is not set: start with `npm start`, or set at least 32 characters')
  const key = Buffer.from(hkdfSync('sha256', env.secret, 'jackstaff', purpose, 32))
  derived.set(purpose, key)
  return key
}

/** HMAC-SHA-256 with a pepper, hex. A fast hash is right here: what it covers are 256-bit random secrets. */
export function hashSecret(secret: string): string {
  return createHmac('sha256', secretFor('token-pepper')).update(secret).digest('hex')
}

/** Whether a presented secret has this hash, in constant time. */
export function matchesHash(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(hash, 'hex'))
}
