import { describe, expect, it } from 'vitest'
import { definitionMessage, metadataMessage, readRequest } from './wire'

// Bytes written out by hand, after https://protobuf.dev/programming-guides/encoding. tests/frameworks/flagd.test.ts
// holds the same against two other encodings.

const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex')

describe('a request', () => {
  it.each([
    ['', { providerId: '', selector: '' }],
    ['0a 02 7072', { providerId: 'pr', selector: '' }],
    ['12 02 7365', { providerId: '', selector: 'se' }],
    ['12 02 7365 0a 03 e282ac', { providerId: '€', selector: 'se' }],
    ['12 01 61 12 01 62', { providerId: '', selector: 'b' }],
  ])('of "%s" is read', (hex, request) => {
    expect(readRequest(bytes(hex))).toEqual(request)
  })

  it('is read past fields that a newer client sends', () => {
    const newer = '18 ffffffffffffffffff01 21 0102030405060708 2a 01 78 35 01020304 8201 01 79 12 02 7365'
    expect(readRequest(bytes(newer))).toEqual({ providerId: '', selector: 'se' })
  })

  it.each(['0a', '0a 05 61', '0a ff ff ff ff 7f 61', '08', '13 01', '21 00', '80'.repeat(20)])(
    'that is cut short or unknown, as %s, is refused',
    (hex) => {
      expect(() => readRequest(bytes(hex))).toThrow('the request')
    },
  )
})

describe('an answer', () => {
  it('has the definition as its first field, whatever its length', () => {
    expect(definitionMessage('€').toString('hex')).toBe('0a03e282ac')
    const long = definitionMessage('x'.repeat(300))
    expect(long.subarray(0, 4).toString('hex')).toBe('0aac0278')
    expect(long.length).toBe(303)
  })

  it('has metadata as a struct', () => {
    const entry = '0a 08 0a 01 61 12 03 1a 01 62'
    expect(metadataMessage({ a: 'b' })).toEqual(bytes(`12 0a ${entry}`))
  })
})
