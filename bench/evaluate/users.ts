import { createHash } from 'node:crypto'
import type { User } from './spec'

export const COUNTRIES = ['DE', 'FR', 'US', 'GB', 'JP', 'BR', 'IN', 'NL'] as const
export const PLANS = ['free', 'team', 'business', 'enterprise'] as const
export const STAFF_DOMAIN = '@example.org'

const DOMAINS = [STAFF_DOMAIN, '@example.com', '@mail.example.net'] as const
const MAX_SEATS = 500

/** A UUID that is the same in every run. */
export function uuid(of: string): string {
  const hex = createHash('sha256').update(of).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}

const pick = <T>(list: readonly T[], i: number): T => list[i % list.length]!

/** A string of its own, as a database driver or a header gives it: engines compare it letter by letter. */
const received = (text: string): string => Buffer.from(text).toString('latin1')

/** Strides that share no factor with the lengths, so that attributes vary independently of each other. */
export const users: readonly User[] = Array.from({ length: 1_000 }, (_, i) => ({
  id: received(uuid(`user-${i}`)),
  email: received(`person.${i}${pick(DOMAINS, i)}`),
  country: received(pick(COUNTRIES, i * 3 + (i >> 3))),
  plan: received(pick(PLANS, i * 3 + (i >> 5))),
  seats: 1 + ((i * 37) % MAX_SEATS),
  version: received(`${1 + (i % 4)}.${i % 13}.${i % 7}`),
}))
