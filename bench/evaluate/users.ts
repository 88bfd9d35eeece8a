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

/** Strides that share no factor with the lengths, so that attributes vary independently of each other. */
export const users: readonly User[] = Array.from({ length: 1_000 }, (_, i) => ({
  id: uuid(`user-${i}`),
  email: `person.${i}${pick(DOMAINS, i)}`,
  country: pick(COUNTRIES, i * 3 + (i >> 3)),
  plan: pick(PLANS, i * 3 + (i >> 5)),
  seats: 1 + ((i * 37) % MAX_SEATS),
  version: `${1 + (i % 4)}.${i % 13}.${i % 7}`,
}))
