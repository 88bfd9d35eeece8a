import { describe, expect, it } from 'vitest'
import { compareIds, parseId } from './ids'

describe('ids', () => {
  it('reads epoch, version and hash', () => {
    expect(parseId('2.317.0badf00d')).toEqual({ epoch: 2, version: 317, hash: '0badf00d' })
  })

  it.each([
    '',
    '1.2',
    '1.2.3',
    '01.2.00000000',
    '1.-2.00000000',
    '1.2.0000000G',
    '1.2.000000000',
    ' 1.2.00000000',
  ])('refuses "%s"', (id) => {
    expect(parseId(id)).toBeNull()
  })

  it('orders by epoch, then by version as a number, and never by hash', () => {
    const sorted = ['1.10.00000000', '2.1.00000000', '1.9.ffffffff'].sort(compareIds)
    expect(sorted).toEqual(['1.9.ffffffff', '1.10.00000000', '2.1.00000000'])
    expect(compareIds('1.1.00000000', '1.1.ffffffff')).toBe(0)
  })

  it('takes an unreadable id for older than any other', () => {
    expect(compareIds('?', '0.0.00000000')).toBeLessThan(0)
    expect(compareIds('?', '!')).toBe(0)
  })
})
