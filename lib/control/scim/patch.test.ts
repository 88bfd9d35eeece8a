import { describe, expect, it } from 'vitest'
import { parse } from '../operation'
import { userValues } from './documents'
import { patchGroup, patchUser, spread } from './patch'

const ana = {
  userName: 'ana@example.com',
  displayName: 'Ana',
  name: { formatted: 'Ana' },
  emails: [{ value: 'ana@example.com', primary: true }],
  active: true,
}

const user = (...operations: { op: string; path?: string; value?: unknown }[]) =>
  parse(userValues, patchUser(ana, spread(operations)))

describe('a user is patched', () => {
  it.each([
    ['Entra ID', { op: 'Replace', path: 'active', value: 'False' }],
    ['Entra ID, in a list', { op: 'Replace', path: 'active', value: [{ value: 'False' }] }],
    ['Okta', { op: 'replace', value: { active: false } }],
    [
      'with the schema',
      { op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: false },
    ],
  ])('out of active: %s', (_, operation) => {
    expect(user(operation)).toMatchObject({ active: false, userName: 'ana@example.com' })
  })

  it('with names in parts, of which half is not a name', () => {
    const given = { op: 'Replace', path: 'name.givenName', value: 'Anna' }
    const family = { op: 'Replace', path: 'name.familyName', value: 'Lund' }
    expect(user(given, family).name).toBe('Anna Lund')
    expect(user(given).name).toBe('Ana')
    expect(user(given, family, { op: 'replace', path: 'displayName', value: 'AL' }).name).toBe('AL')
    expect(user({ op: 'replace', value: { 'name.formatted': 'Anna L.' } }).name).toBe('Anna L.')
    expect(user({ op: 'replace', value: { name: { givenName: 'A', familyName: 'B' } } }).name).toBe('A B')
  })

  it('with an address named by its type, and with what is not kept passed over', () => {
    const work = { op: 'Add', path: 'emails[type eq "work"].value', value: 'anna@example.com' }
    const title = { op: 'Add', path: 'title', value: 'Lead' }
    const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'
    expect(user(work, title, { op: 'Add', path: manager, value: 'x' })).toEqual({
      userName: 'ana@example.com',
      externalId: null,
      name: 'Ana',
      email: 'anna@example.com',
      active: true,
    })
  })

  it('never by the name of what every object has', () => {
    expect(user({ op: 'add', path: '__proto__', value: { active: false } }).active).toBe(true)
    expect(user({ op: 'add', path: 'constructor', value: 'x' }).active).toBe(true)
  })

  it('only by operations that are some', () => {
    expect(() => user({ op: 'move', path: 'active' })).toThrow(/none of add, replace and remove/)
    expect(() => user({ op: 'remove' })).toThrow(/name a path/)
    expect(() => user({ op: 'replace', value: 'x' })).toThrow(/takes an object/)
    expect(() => user({ op: 'replace', path: 'userName', value: '' })).toThrow(/user name/)
  })
})

describe('a group is patched', () => {
  const members = (...operations: { op: string; path?: string; value?: unknown }[]) => {
    const held = { displayName: 'G', externalId: null, members: new Set(['a', 'b']) }
    return [...patchGroup(held, spread(operations)).members]
  }

  it.each([
    ['Entra ID adds', { op: 'Add', path: 'members', value: [{ $ref: null, value: 'c' }] }, 'a b c'],
    ['Entra ID removes by a list', { op: 'Remove', path: 'members', value: [{ value: 'a' }] }, 'b'],
    ['Okta removes by a filter', { op: 'remove', path: 'members[value eq "a"]' }, 'b'],
    ['Okta replaces', { op: 'replace', path: 'members', value: [{ value: 'c' }, { value: 'd' }] }, 'c d'],
    ['without a path', { op: 'replace', value: { members: [{ value: 'c' }] } }, 'c'],
    ['all', { op: 'remove', path: 'members' }, ''],
    ['none', { op: 'Remove', path: 'members', value: [] }, 'a b'],
  ])('%s', (_, operation, expected) => {
    expect(members(operation).join(' ')).toBe(expected)
  })

  it('by what names members, and nothing else', () => {
    expect(() => members({ op: 'add', path: 'members', value: [{ id: 'c' }] })).toThrow(/members/)
    expect(() => members({ op: 'remove', path: 'members[display eq "a"]' })).toThrow(/filter them by value/)
  })

  it('with another name', () => {
    const held = { displayName: 'G', externalId: null, members: new Set<string>() }
    const okta = spread([{ op: 'replace', value: { id: 'x', displayName: 'H' } }])
    expect(patchGroup(held, okta).displayName).toBe('H')
  })
})
