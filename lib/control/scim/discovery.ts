import { z } from 'zod'
import { env } from '@/lib/env'
import { notFound } from '../errors'
import { query } from '../operation'
import { byId, GROUP_SCHEMA, type ListResponse, listResponse, USER_SCHEMA } from './documents'

const META = 'urn:ietf:params:scim:schemas:core:2.0'

const location = (path: string) => ({ location: `${env.publicUrl}/scim/v2/${path}` })

const anything = z.strictObject({ query: z.unknown() })

/** What this side of SCIM can do: RFC 7643, 5. */
export const serviceProviderConfig = query({
  permission: 'scim:write',
  input: anything,
  run: async () => ({
    schemas: [`${META}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: 200 },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Service token',
        description: 'A service token of a role with the permission scim:write',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', ...location('ServiceProviderConfig') },
  }),
})

const resourceTypes = () =>
  (['User', 'Group'] as const).map((name) => ({
    schemas: [`${META}:ResourceType`],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema: name === 'User' ? USER_SCHEMA : GROUP_SCHEMA,
    meta: { resourceType: 'ResourceType', ...location(`ResourceTypes/${name}`) },
  }))

type Shape = {
  required?: true
  unique?: true
  readOnly?: true
  parts?: Record<string, Shape>
  many?: true
  type?: string
}

function attribute([name, shape]: [string, Shape]): Record<string, unknown> {
  return {
    name,
    type: shape.parts ? 'complex' : (shape.type ?? 'string'),
    multiValued: shape.many ?? false,
    required: shape.required ?? false,
    caseExact: name === 'externalId' || name === 'value',
    mutability: shape.readOnly ? 'readOnly' : 'readWrite',
    returned: 'default',
    uniqueness: shape.unique ? 'server' : 'none',
    ...(shape.parts && { subAttributes: Object.entries(shape.parts).map(attribute) }),
  }
}

const user: Record<string, Shape> = {
  userName: { required: true, unique: true },
  externalId: {},
  displayName: {},
  name: { parts: { formatted: {}, givenName: {}, familyName: {} } },
  emails: { many: true, parts: { value: {}, type: {}, primary: { type: 'boolean' } } },
  active: { type: 'boolean' },
  groups: { many: true, readOnly: true, parts: { value: {}, display: {} } },
}

const group: Record<string, Shape> = {
  displayName: { required: true, unique: true },
  externalId: {},
  members: { many: true, parts: { value: {}, display: { readOnly: true } } },
}

const schemas = () =>
  (
    [
      [USER_SCHEMA, 'User', user],
      [GROUP_SCHEMA, 'Group', group],
    ] as const
  ).map(([id, name, shapes]) => ({
    schemas: [`${META}:Schema`],
    id,
    name,
    attributes: Object.entries(shapes).map(attribute),
    meta: { resourceType: 'Schema', ...location(`Schemas/${id}`) },
  }))

type Described = ReturnType<typeof resourceTypes>[number] | ReturnType<typeof schemas>[number]

const all = (items: Described[]): ListResponse<Described> => listResponse(items, items.length, 1)

function named(items: Described[], id: string): Described {
  const found = items.find((item) => item.id === id)
  if (!found) throw notFound('description', id)
  return found
}

export const listResourceTypes = query({
  permission: 'scim:write',
  input: anything,
  run: async () => all(resourceTypes()),
})

export const getResourceType = query({
  permission: 'scim:write',
  input: byId,
  run: async (_, { id }) => named(resourceTypes(), id),
})

export const listSchemas = query({
  permission: 'scim:write',
  input: anything,
  run: async () => all(schemas()),
})

export const getSchema = query({
  permission: 'scim:write',
  input: byId,
  run: async (_, { id }) => named(schemas(), id),
})
