import { describe, expect, it } from 'vitest'
import { arrivalOf, type Claims, claimAt, deserved } from './claims'

const who = (claims: Claims, groupsClaim = 'groups') =>
  arrivalOf(groupsClaim, { issuer: 'https://login.example.com', subject: 'sub-1', claims })

describe('claimAt', () => {
  it('reads a claim by its name, a dotted one too, or by a path', () => {
    const claims = {
      'https://a.example/groups': ['x'],
      realm_access: { roles: ['y'] },
      'a.b': 1,
      a: { b: 2 },
    }
    expect(claimAt(claims, 'https://a.example/groups')).toEqual(['x'])
    expect(claimAt(claims, 'realm_access.roles')).toEqual(['y'])
    expect(claimAt(claims, 'a.b')).toBe(1)
  })

  it.each(['constructor', '__proto__', 'a.constructor', 'toString.name', 'groups.length'])(
    'has no %s',
    (path) => {
      expect(claimAt({ a: {}, groups: [] }, path)).toBeUndefined()
    },
  )
})

describe('arrivalOf', () => {
  it('reads OpenID Connect', () => {
    expect(
      who({ name: 'Ana', email: 'ana@example.com', email_verified: true, groups: ['eng', 'eng', 'all'] }),
    ).toMatchObject({ subject: 'sub-1', name: 'Ana', email: 'ana@example.com', groups: ['eng', 'all'] })
  })

  it('reads SAML of Entra ID', () => {
    const schema = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
    const claims = {
      [`${schema}/emailaddress`]: 'ana@example.com',
      [`${schema}/givenname`]: 'Ana',
      [`${schema}/surname`]: 'Moe',
      'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups': 'one',
    }
    const arrival = who(claims, 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups')
    expect(arrival).toMatchObject({ name: 'Ana Moe', email: 'ana@example.com', groups: ['one'] })
  })

  it('takes no e-mail address that the provider has not checked, or that is none', () => {
    expect(who({ email: 'ana@example.com', email_verified: false }).email).toBeNull()
    expect(who({ email: 'ana' }).email).toBeNull()
    expect(who({ email: 7 }).email).toBeNull()
  })

  it('is called something in any case, and in no more groups than are plausible', () => {
    expect(who({})).toMatchObject({ name: 'sub-1', email: null, groups: [] })
    expect(who({ preferred_username: 'ana' }).name).toBe('ana')
    expect(who({ groups: [1, null, {}, '', 'x'.repeat(301), 'a'] }).groups).toEqual(['a'])
    expect(who({ groups: Array.from({ length: 2_000 }, (_, i) => `g${i}`) }).groups).toHaveLength(1_000)
  })
})

describe('deserved', () => {
  const mapping = [
    { group: 'eng', role: 'publisher', project: 'shop', environment: null },
    { group: 'eng', joins: 'group-1' },
    { group: 'ops', role: 'admin', project: null, environment: null },
  ]

  it('gives what the rules of the groups say, spelled exactly', () => {
    expect(deserved(mapping, ['eng', 'other'])).toEqual({ roles: [mapping[0]], joins: ['group-1'] })
    expect(deserved(mapping, ['OPS', 'op', 'ops '])).toEqual({ roles: [], joins: [] })
  })
})
