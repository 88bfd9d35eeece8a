import { describe, expect, it } from 'vitest'
import { elsewhere } from '@/tests/support/open-redirects'
import { nextPath } from './next-path'

describe('nextPath', () => {
  it.each([
    ['/projects', '/projects'],
    ['/projects/shop/flags?q=tag%3Aone&cursor=2', '/projects/shop/flags?q=tag%3Aone&cursor=2'],
    ['/settings/../projects', '/projects'],
    ['/projects#part', '/projects'],
  ])('goes to %s', (text, path) => {
    expect(nextPath(text)).toBe(path)
  })

  it.each(elsewhere)('does not go to %j', (text) => {
    expect(nextPath(text)).toBeNull()
  })

  it.each([
    null,
    undefined,
    '',
    '/api/v1/projects',
    '/scim/v2/Users',
    '/sign-in',
    '/setup',
    `/${'x'.repeat(2_001)}`,
  ])('is no page: %j', (text) => {
    expect(nextPath(text)).toBeNull()
  })
})
