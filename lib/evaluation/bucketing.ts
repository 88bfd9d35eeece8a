import { BOUNDS } from './bounds'
import { murmur3 } from './murmur3'

const encoder = new TextEncoder()
const scratch = new Uint8Array(1536)
const UTF8_BYTES_PER_UNIT = 3 // the most that one UTF-16 unit becomes

/**
 * Where a key falls in `0..99999` under a salt: `floor(murmur3(utf8(salt + key)) * 100000 / 2^32)`. Lone surrogates
 * are hashed as U+FFFD.
 *
 * @example bucket('checkout', 'user-1') < 25_000 // inside the first 25 %
 */
export function bucket(salt: string, key: string): number {
  return Math.floor((hashText(salt + key) * BOUNDS.whole) / 2 ** 32)
}

function hashText(text: string): number {
  if (text.length * UTF8_BYTES_PER_UNIT > scratch.length) return murmur3(encoder.encode(text))
  return murmur3(scratch, encoder.encodeInto(text, scratch).written)
}
