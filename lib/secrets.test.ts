import { beforeAll, describe, expect, it } from 'vitest'
import { provide } from './env'
import { hashSecret, matchesHash, secretFor } from './secrets'

beforeAll(() => provide('JACKSTAFF_SECRET', 'a secret of more than thirty-two characters'))

describe('secrets', () => {
  it('are 32 bytes, one for each purpose, the same each time', () => {
    const keys = (['token-pepper', 'session', 'idempotency'] as const).map(secretFor)
    expect(keys.map((key) => key.length)).toEqual([32, 32, 32])
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3)
    expect(secretFor('session')).toBe(secretFor('session'))
  })

  it('are kept as hashes that match nothing else', () => {
    const hash = hashSecret('token')
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(matchesHash('token', hash)).toBe(true)
    expect(matchesHash('Token', hash)).toBe(false)
    expect(matchesHash('', hash)).toBe(false)
  })
})
