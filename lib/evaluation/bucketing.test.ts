import fc from 'fast-check'
import independent from 'murmurhash3js-revisited'
import { describe, expect, it } from 'vitest'
import { bucket } from './bucketing'
import { murmur3 } from './murmur3'

const utf8 = (text: string) => new TextEncoder().encode(text)
const independentHash = (bytes: Uint8Array): number => independent.x86.hash32(bytes)

/** `floor(h * 100000 / 2^32)` in integers of any size, so that no rounding is shared with the engine. */
const independentBucket = (text: string) => Number((BigInt(independentHash(utf8(text))) * 100_000n) >> 32n)

describe('murmur3', () => {
  it('equals the published test values', () => {
    expect(murmur3(utf8(''))).toBe(0)
    expect(murmur3(utf8('test'))).toBe(0xba6bd213)
    expect(murmur3(utf8('The quick brown fox jumps over the lazy dog'))).toBe(0x2e4ff723)
  })

  it('equals an independent implementation on every tail length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        for (let length = Math.max(0, bytes.length - 4); length <= bytes.length; length++) {
          expect(murmur3(bytes, length)).toBe(independentHash(bytes.subarray(0, length)))
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('bucket', () => {
  it.each([
    ['ASCII', 'checkout', 'user-1'],
    ['precomposed', 'checkout', 'Zo\u00eb'],
    ['combining', 'checkout', 'Zoe\u0308'],
    ['emoji', 'checkout', '👩‍🚀'],
    ['CJK', '結帳', '使用者'],
    ['a lone high surrogate', 'checkout', 'a\ud83d'],
    ['a lone low surrogate', 'checkout', '\udc00b'],
    ['a pair across the seam', 'salt\ud83d', '\ude80'],
    ['longer than the scratch buffer', 'checkout', 'é'.repeat(5_000)],
    ['just at the scratch buffer', '', 'é'.repeat(512)],
    ['just past the scratch buffer', '', 'é'.repeat(513)],
    ['empty', '', ''],
  ])('hashes the UTF-8 bytes of salt and key: %s', (_name, salt, key) => {
    expect(bucket(salt, key)).toBe(independentBucket(salt + key))
  })

  it.each(['\u0080', 'é', '\u07ff', '\u0800', '\ud83d', '👩'])(
    'sees %j wherever in a short key it stands',
    (other) => {
      for (const salt of ['', 's', 'sa', 'sal', 'salt']) {
        for (let length = 0; length <= 17; length++) {
          for (let at = 0; at <= length; at++) {
            const key = 'a'.repeat(at) + other + 'b'.repeat(length - at)
            expect(bucket(salt, key)).toBe(independentBucket(salt + key))
          }
        }
      }
    },
  )

  it('tells composed from decomposed text, and hashes a lone surrogate as U+FFFD', () => {
    expect(bucket('s', 'Zo\u00eb')).not.toBe(bucket('s', 'Zoe\u0308'))
    expect(bucket('s', '\ud800')).toBe(bucket('s', '\ufffd'))
  })

  it('equals an independent implementation on any text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(text, text, (salt, key) => {
        expect(bucket(salt, key)).toBe(independentBucket(salt + key))
      }),
      { numRuns: 3_000 },
    )
  })

  it('equals it on ASCII of any length, wherever the salt ends in a block', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 60 })
    fc.assert(
      fc.property(text, text, (salt, key) => {
        expect(bucket(salt, key)).toBe(independentBucket(salt + key))
      }),
      { numRuns: 3_000 },
    )
  })

  it('puts 25.0 % +/- 0.3 points of 1,000,000 ids inside a share of 25 %', () => {
    let inside = 0
    for (let i = 0; i < 1_000_000; i++) if (bucket('checkout', `user-${i}`) < 25_000) inside++
    expect(Math.abs(inside / 1_000_000 - 0.25)).toBeLessThan(0.003)
  })
})
