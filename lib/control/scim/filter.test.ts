import { describe, expect, it } from 'vitest'
import { parseFilter } from './filter'

describe('a filter', () => {
  it('compares attributes, in any case and with their schema in front', () => {
    expect(parseFilter('userName eq "ana@example.com"')).toEqual([
      { attribute: 'username', value: 'ana@example.com' },
    ])
    expect(parseFilter('urn:ietf:params:scim:schemas:core:2.0:User:userName EQ "a"')).toEqual([
      { attribute: 'username', value: 'a' },
    ])
    expect(parseFilter('externalId eq "7" and active eq True')).toEqual([
      { attribute: 'externalid', value: '7' },
      { attribute: 'active', value: 'true' },
    ])
    expect(parseFilter('emails[type eq "work"].value eq "a@b.c"')).toEqual([
      { attribute: 'emails[type eq "work"].value', value: 'a@b.c' },
    ])
  })

  it('takes a quoted text as it is: an "and" in it joins nothing', () => {
    expect(parseFilter(String.raw`displayName eq "R\"D and \\ eq \u0041"`)).toEqual([
      { attribute: 'displayname', value: 'R"D and \\ eq A' },
    ])
  })

  it.each([
    '',
    'userName',
    'userName co "a"',
    'userName eq a',
    'userName eq "a" or userName eq "b"',
    'userName eq "a" and',
    'userName eq "a" extra',
    'not (userName eq "a")',
    String.raw`userName eq "\x"`,
    Array.from({ length: 11 }, () => 'id eq "a"').join(' and '),
  ])('refuses %j', (filter) => {
    expect(() => parseFilter(filter)).toThrow(/filter: use `eq`/)
  })

  it('is read in time that grows with its length', () => {
    const start = performance.now()
    expect(() => parseFilter(`a[${'"x" '.repeat(5_000)}`)).toThrow()
    expect(() => parseFilter(`a eq "${'\\"'.repeat(5_000)}`)).toThrow()
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
