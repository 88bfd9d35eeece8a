import { describe, expect, it } from 'vitest'
import { auditQuery, readAuditSearch } from './audit-search'

describe('readAuditSearch', () => {
  it('takes what can be searched for, and passes over the rest', () => {
    const given = { q: 'ana', action: 'flag.', from: '2026-11-24', to: 'soon', scope: 'all', colour: 'red' }
    expect(readAuditSearch(given)).toEqual({ q: 'ana', action: 'flag.', from: '2026-11-24', scope: 'all' })
    expect(readAuditSearch({ q: '', actor: ['a', 'b'], scope: 'none', from: '2026-13-01' })).toEqual({})
  })

  it('cuts what is too long to be asked for', () => {
    expect(readAuditSearch({ q: 'x'.repeat(500) }).q).toHaveLength(200)
  })
})

describe('auditQuery', () => {
  it('makes times of days, with the whole of the last one', () => {
    expect(auditQuery({ q: 'ana', from: '2026-11-24', to: '2026-11-24' })).toEqual({
      q: 'ana',
      from: '2026-11-24T00:00:00.000Z',
      to: '2026-11-25T00:00:00.000Z',
    })
    expect(auditQuery({})).toEqual({})
  })
})
