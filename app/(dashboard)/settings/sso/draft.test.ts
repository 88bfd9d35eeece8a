import { describe, expect, it } from 'vitest'
import type { SsoConnectionView } from '@/lib/control/sso/views'
import { blank, draftOf, fieldsOf } from './draft'

const view: SsoConnectionView = {
  key: 'okta',
  name: 'Okta',
  enabled: true,
  issuer: 'https://login.example.com',
  kind: 'oidc',
  clientId: 'flags',
  scopes: ['openid', 'groups'],
  groupsClaim: 'groups',
  fallback: 'viewer',
  scimMatch: { field: 'externalId', claim: 'oid' },
  mapping: [
    { group: 'eng', role: 'publisher', project: 'shop', environment: null },
    { group: 'pm', joins: 'group-of-id' },
  ],
  certificateUntil: null,
  addresses: { callback: 'https://flags.example.com/api/auth/callback/okta' },
  createdBy: { kind: 'user', id: 'u', name: 'Ana' },
  createdAt: '2027-01-31T09:00:00.000Z',
}

describe('the form of a connection', () => {
  it('says what was saved, but for the secret, which stays as it is', () => {
    const { kind, clientId, scopes, name, enabled, issuer, groupsClaim, fallback, scimMatch, mapping } = view
    expect(fieldsOf(draftOf(view))).toEqual({
      ...{ kind, clientId, scopes, name, enabled, issuer, groupsClaim, fallback, scimMatch, mapping },
    })
  })

  it('sends of the other kind nothing, and keeps it while one looks', () => {
    const draft = {
      ...blank,
      clientId: 'flags',
      entryPoint: ' https://login.example.com/saml ',
      kind: 'saml' as const,
    }
    expect(fieldsOf(draft)).toEqual({
      kind: 'saml',
      name: '',
      enabled: true,
      issuer: '',
      entryPoint: 'https://login.example.com/saml',
      certificates: '',
      groupsClaim: 'groups',
      fallback: 'none',
      scimMatch: null,
      mapping: [],
    })
  })
})
