import { z } from 'zod'
import { ref } from '../schemas'

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

const short = z.string().trim().max(200, 'at most 200 characters')

/** Some send a truth as a text, and some that in a list. */
const truth = z.preprocess((value) => {
  const [inner] = Array.isArray(value) ? value : [value]
  const plain = typeof inner === 'object' && inner !== null && 'value' in inner ? inner.value : inner
  if (typeof plain !== 'string') return plain
  return { true: true, false: false }[plain.toLowerCase()] ?? plain
}, z.boolean())

const emails = z
  .array(z.object({ value: short, primary: truth.nullish() }))
  .max(20)
  .nullish()

/** A user as it is sent, whatever else it says. */
const document = z.object({
  userName: short.min(1, 'a user name is needed'),
  externalId: short.nullish(),
  displayName: short.nullish(),
  name: z
    .object({ formatted: short.nullish(), givenName: short.nullish(), familyName: short.nullish() })
    .nullish(),
  emails,
  active: truth.nullish(),
})

export type UserValues = {
  userName: string
  externalId: string | null
  name: string
  email: string
  active: boolean
}

/** What is kept of a user. An address that is not given is the user name. */
export const userValues = document.transform(
  ({ userName, externalId, displayName, name, emails, active }): UserValues => {
    const parts = [name?.givenName, name?.familyName].filter(Boolean).join(' ')
    const email = (emails ?? []).find(({ primary }) => primary) ?? emails?.[0]
    return {
      userName,
      externalId: externalId || null,
      name: (displayName || name?.formatted || parts || userName).slice(0, 200),
      email: email?.value || userName,
      active: active ?? true,
    }
  },
)

export const groupValues = z.object({
  displayName: short.min(1, 'a name is needed'),
  externalId: short.nullish().transform((id) => id || null),
})

const MOST_OPERATIONS = 1_000

export const patchBody = z.object({
  Operations: z
    .array(
      z.object({
        op: z.string().max(20),
        path: z.string().max(500).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(MOST_OPERATIONS),
})

const whole = z.coerce.number().int().catch(1)

/** The query of a list; what else it says is passed over. */
export const listQuery = z.object({
  filter: z.string().max(1_000).optional(),
  startIndex: whole.transform((from) => Math.max(1, from)).default(1),
  count: z.coerce
    .number()
    .int()
    .transform((count) => Math.min(200, Math.max(0, count)))
    .catch(100)
    .default(100),
  excludedAttributes: z.string().max(500).default(''),
})

export const byId = z.strictObject({ id: ref, query: z.unknown() })
export const ofList = z.strictObject({ query: listQuery })
export const created = z.strictObject({ resource: z.unknown() })
export const changed = z.strictObject({ id: ref, resource: z.unknown() })
export const removed = z.strictObject({ id: ref, resource: z.unknown() })

export type ListResponse<T> = {
  schemas: string[]
  totalResults: number
  startIndex: number
  itemsPerPage: number
  Resources: T[]
}

export const listResponse = <T>(items: T[], totalResults: number, startIndex: number): ListResponse<T> => ({
  schemas: [LIST_SCHEMA],
  totalResults,
  startIndex,
  itemsPerPage: items.length,
  Resources: items,
})
