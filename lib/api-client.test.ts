import { expect, it } from 'vitest'
import { parsePublished } from './api-client'

it('reads which config each environment was published as', () => {
  expect(parsePublished('production=1.42.9f8e7d6c, staging=1.7.01234567')).toEqual({
    production: '1.42.9f8e7d6c',
    staging: '1.7.01234567',
  })
  expect(parsePublished(null)).toEqual({})
})
