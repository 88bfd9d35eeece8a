import type { Answer } from './api'

export type Scim = (method: string, path: string, body?: unknown, type?: string) => Promise<Answer>

/** Requests as an identity provider sends them. */
export function scimOf(url: string, token: string | null): Scim {
  return async (method, path, body, type = 'application/scim+json') => {
    const response = await fetch(`${url}/scim/v2${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** A user as Entra ID makes one. */
export const entraUser = (name: string, more: object = {}) => ({
  schemas: [USER, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
  externalId: `entra-${name}`,
  userName: `${name}@example.com`,
  active: true,
  addresses: [{ primary: false, type: 'work', country: 'NO', formatted: 'Oslo' }],
  displayName: name,
  emails: [{ primary: true, type: 'work', value: `${name}@example.com` }],
  meta: { resourceType: 'User' },
  name: { formatted: `${name} of Entra`, familyName: 'Entra', givenName: name },
  roles: [],
  title: 'Engineer',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { employeeNumber: '7', department: 'R&D' },
  ...more,
})

/** A user as Okta makes one. */
export const oktaUser = (name: string) => ({
  schemas: [USER],
  userName: `${name}@example.com`,
  name: { givenName: name, familyName: 'Okta' },
  emails: [{ primary: true, value: `${name}@example.com`, type: 'work' }],
  displayName: `${name} Okta`,
  locale: 'en-US',
  externalId: `00u-${name}`,
  groups: [],
  password: 'never-kept',
  active: true,
})

export const patchOf = (...Operations: object[]) => ({ schemas: [PATCH], Operations })
