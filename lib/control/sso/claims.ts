import type { MappingRule } from '@/db/sso'
import type { JsonValue } from '@/lib/evaluation'

// What a provider says of somebody, read without trusting its shape.

export type Claims = { readonly [claim: string]: JsonValue }

/** Somebody who comes from a provider. Who they are is issuer and subject; all else may change, and belong to others. */
export type Arrival = {
  issuer: string
  subject: string
  name: string
  /** Null where the provider says none, or says that it has not checked it. */
  email: string | null
  groups: string[]
  claims: Claims
}

const MOST_GROUPS = 1_000
const LONGEST = 300

const EMAILS = [
  'email',
  'mail',
  'emailAddress',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
]
const NAMES = [
  'name',
  'displayName',
  'http://schemas.microsoft.com/identity/claims/displayname',
  'urn:oid:2.16.840.1.113730.3.1.241',
  'cn',
]
const PARTS = [
  ['given_name', 'family_name'],
  ['firstName', 'lastName'],
  [
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
  ],
]

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST

/** A claim by its name, or by a path of names such as `realm_access.roles`. */
export function claimAt(claims: Claims, path: string): JsonValue | undefined {
  if (Object.hasOwn(claims, path)) return claims[path]
  let at: JsonValue | undefined = claims as JsonValue
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, name))
      return undefined
    at = (at as Claims)[name]
  }
  return at
}

/** The first text of a claim: SAML says everything in lists. */
export function textAt(claims: Claims, path: string): string | null {
  const value = [claimAt(claims, path)].flat()[0]
  return isText(value) ? value.trim() : null
}

const firstOf = (claims: Claims, paths: readonly string[]) =>
  paths.map((path) => textAt(claims, path)).find((text) => text !== null) ?? null

function nameOf(claims: Claims): string | null {
  const parts = PARTS.map((pair) => pair.flatMap((path) => textAt(claims, path) ?? []).join(' '))
  return (
    firstOf(claims, NAMES) ?? parts.find((text) => text !== '') ?? firstOf(claims, ['preferred_username'])
  )
}

const isEmail = (text: string) => /^[^\s@]+@[^\s@]+$/.test(text) && text.length <= 200

/** Who comes, of what a provider said. */
export function arrivalOf(
  groupsClaim: string,
  { issuer, subject, claims }: Pick<Arrival, 'issuer' | 'subject' | 'claims'>,
): Arrival {
  const said = claims.email_verified === false ? null : firstOf(claims, EMAILS)
  const email = said !== null && isEmail(said) ? said : null
  const groups = [claimAt(claims, groupsClaim) ?? []].flat().filter(isText).slice(0, MOST_GROUPS)
  const name = (nameOf(claims) ?? email ?? subject).slice(0, 200)
  return { issuer, subject, name, email, groups: [...new Set(groups)], claims }
}

export type Deserved = { roles: Extract<MappingRule, { role: string }>[]; joins: string[] }

/** What the rules give for these groups. */
export function deserved(mapping: readonly MappingRule[], groups: readonly string[]): Deserved {
  const given = mapping.filter(({ group }) => groups.includes(group))
  return {
    roles: given.filter((rule) => 'role' in rule),
    joins: given.flatMap((rule) => ('joins' in rule ? rule.joins : [])),
  }
}
