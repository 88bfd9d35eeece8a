import { describe, expect, it } from 'vitest'
import { apiPaths, paths, withQuery } from './paths'

describe('paths', () => {
  it('escapes every part, so that a key can never leave its segment', () => {
    expect(paths.flag({ project: 'shop', flag: 'a/../b?c' })).toBe('/projects/shop/flags/a%2F..%2Fb%3Fc')
    expect(apiPaths.kill({ project: 'p', flag: 'f', environment: 'a b' })).toBe(
      '/api/v1/projects/p/flags/f/environments/a%20b/kill',
    )
  })

  it('keeps the first tab out of the URL', () => {
    expect(paths.flag({ project: 'p', flag: 'f', environment: 'staging', tab: 'targeting' })).toBe(
      '/projects/p/flags/f?environment=staging',
    )
    expect(paths.flag({ project: 'p', flag: 'f', tab: 'history' })).toBe('/projects/p/flags/f?tab=history')
  })

  it('drops empty query values', () => {
    expect(withQuery('/x', { q: '', cursor: undefined, limit: 0 })).toBe('/x?limit=0')
    expect(paths.flags({ project: 'p', q: 'tag:beta & more' })).toBe(
      '/projects/p/flags?q=tag%3Abeta+%26+more',
    )
  })
})
