import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import type { JsonValue } from '@/lib/evaluation/types'
import { describeEntry } from './describe-entry'

const targeting: Targeting = {
  on: false,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variant: 'on' },
}
const entry = (action: string, before: unknown, after: unknown, target = 'flag:checkout') => ({
  action,
  target,
  before: before as JsonValue,
  after: after as JsonValue,
})

describe('describeEntry', () => {
  it('says what a publish changed', () => {
    expect(describeEntry(entry('targeting.update', targeting, { ...targeting, on: true }))).toEqual([
      'Turned on',
    ])
  })

  it('says so when nothing changed', () => {
    expect(describeEntry(entry('targeting.update', targeting, targeting))).toEqual([
      'Published again, unchanged',
    ])
  })

  it('names the flag only where a restore touched several', () => {
    const on = { ...targeting, on: true }
    expect(describeEntry(entry('version.restore', { a: targeting }, { a: on }))).toEqual(['Turned on'])
    expect(describeEntry(entry('version.restore', { a: targeting, b: on }, { a: on, b: targeting }))).toEqual(
      ['a: Turned on', 'b: Turned off'],
    )
  })

  it('lists the fields that differ, and no others', () => {
    const before = { name: 'A', tags: [], browser: false }
    expect(
      describeEntry(entry('flag.update', before, { name: 'A', tags: ['beta', 'web'], browser: true })),
    ).toEqual(['Tags are now beta, web (was nothing)', 'Availability to browsers is now true (was false)'])
  })

  it('says in words what an environment asks from now on', () => {
    const freeze = { from: '2026-12-23T00:00:00Z', until: '2027-01-02T00:00:00Z', reason: 'Holidays' }
    const open = { name: 'Live', protected: false, policy: { approvals: 1, confirm: true, freezes: [] } }
    const guarded = { approvals: 2, confirm: false, freezes: [freeze] }
    const update = (before: object, after: object) =>
      describeEntry(entry('environment.update', before, after, 'environment:live'))
    expect(update(open, { ...open, protected: true, policy: guarded })).toEqual([
      'Protected from now on',
      'A change needs 2 approvals (needed 1)',
      'Nobody has to type its name any more',
      'Frozen from 23 Dec 2026, 00:00 UTC until 2 Jan 2027, 00:00 UTC: Holidays',
    ])
    expect(update(open, { name: 'Live shop' })).toEqual(['Name is now “Live shop” (was “Live”)'])
  })

  it('names what it does not know by its action, even one that every object has', () => {
    expect(describeEntry(entry('user.sign_in', null, null, 'user:u1'))).toEqual(['user sign in (user:u1)'])
    expect(describeEntry(entry('constructor', null, null, 'user:u1'))).toEqual(['constructor (user:u1)'])
  })

  it('says what a sign-in by a provider gave and took', () => {
    const after = { method: 'okta', made: true, given: ['publisher shop'], taken: ['viewer'] }
    expect(describeEntry(entry('session.sign_in', null, after))).toEqual([
      'Signed in by okta, for the first time',
      'Was given publisher shop',
      'Lost viewer',
    ])
    expect(describeEntry(entry('session.sign_in', null, { method: 'link' }))).toEqual(['Signed in'])
    const rule = { group: 'eng', role: 'viewer' }
    expect(describeEntry(entry('sso.update', { mapping: [] }, { mapping: [rule] }))).toEqual([
      'Mapping is now {"group":"eng","role":"viewer"} (was nothing)',
    ])
  })

  it('says who may what, and where a key leaked', () => {
    expect(describeEntry(entry('grant.create', null, { grant: 7, role: 'publisher' }))).toEqual([
      'Gave the role “publisher”',
    ])
    expect(describeEntry(entry('key.misuse', null, { origin: 'https://a.example' }))).toEqual([
      'A secret key came out of a browser, from a page of “https://a.example”: revoke it',
    ])
    expect(describeEntry(entry('key.rotate', null, { replacedBy: 'srv_1', overlapHours: 24 }))).toEqual([
      'Rotated: replaced by srv_1, ends in 24 hours',
    ])
  })

  it('names a key by its kind and name', () => {
    expect(describeEntry(entry('key.create', null, { kind: 'server', name: 'web shop' }))).toEqual([
      'Created server key “web shop”',
    ])
  })
})
