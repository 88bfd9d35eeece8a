import { BOUNDS } from './bounds'
import { finish, mixBlock, mixTail, murmur3 } from './murmur3'

const encoder = new TextEncoder()
const UTF8_BYTES_PER_UNIT = 3 // the most that one UTF-16 unit becomes
const SPELT_UP_TO = 40 // characters, a UUID among them; past it encoding into a buffer is faster than reading one by one
const BUFFERED_UP_TO = 512 // characters
const ASCII = 0x7f
const ENDS_IN_HALF_A_PAIR = /[\uD800-\uDBFF]$/

const scratch = new ArrayBuffer(4 + BUFFERED_UP_TO * UTF8_BYTES_PER_UNIT)
const words = new DataView(scratch)
/** The scratch from each offset into its first word. */
const writable = [0, 1, 2, 3].map((offset) => new Uint8Array(scratch, offset))

/**
 * Where a key falls in `0..99999` under a salt: `floor(murmur3(utf8(salt + key)) * 100000 / 2^32)`. Lone surrogates
 * are hashed as U+FFFD.
 *
 * @example bucket('checkout', 'user-1') < 25_000 // inside the first 25 %
 */
export function bucket(salt: string, key: string): number {
  return new Salted(salt).bucket(key)
}

/**
 * `bucket` for one salt and many keys: the salt is hashed once, and each key goes on from there.
 *
 * @example new Salted('checkout').bucket('user-1') === bucket('checkout', 'user-1')
 */
export class Salted {
  readonly #salt: string
  readonly #spellUpTo: number
  readonly #bufferUpTo: number
  /** The bytes of the salt. */
  readonly #length: number
  /** The hash of its whole blocks, then how many bytes of a block are left for the key to complete, and which. */
  readonly #start: number
  readonly #begun: number
  readonly #partial: number
  readonly #target: Uint8Array

  constructor(salt: string) {
    const bytes = encoder.encode(salt)
    const whole = bytes.length & ~3
    let start = 0
    for (let i = 0; i < whole; i += 4) start = mixBlock(start, wordAt(bytes, i, 4))
    const keyMayComplete = ENDS_IN_HALF_A_PAIR.test(salt) // the key may bring the other half: only the text is right
    this.#salt = salt
    this.#spellUpTo = keyMayComplete ? -1 : SPELT_UP_TO
    this.#bufferUpTo = keyMayComplete ? -1 : BUFFERED_UP_TO
    this.#length = bytes.length
    this.#start = start
    this.#begun = bytes.length - whole
    this.#partial = wordAt(bytes, whole, this.#begun)
    this.#target = writable[this.#begun]!
  }

  bucket(key: string): number {
    const { length } = key
    if (length > this.#spellUpTo) {
      return length > this.#bufferUpTo ? this.#unprepared(key) : this.#encoded(key)
    }
    const begun = this.#begun
    const shift = 8 * begun
    const unshift = 32 - shift
    const blocks = length & ~3
    let hash = this.#start
    let carry = this.#partial
    let seen = 0
    for (let i = 0; i < blocks; i += 4) {
      const a = key.charCodeAt(i)
      const b = key.charCodeAt(i + 1)
      const c = key.charCodeAt(i + 2)
      const d = key.charCodeAt(i + 3)
      const word = a | (b << 8) | (c << 16) | (d << 24)
      seen |= a | b | c | d
      hash = mixBlock(hash, carry | (word << shift))
      carry = begun === 0 ? 0 : word >>> unshift
    }
    let rest = 0
    for (let i = length - 1; i >= blocks; i--) {
      const unit = key.charCodeAt(i)
      seen |= unit
      rest = (rest << 8) | unit
    }
    if (seen > ASCII) return this.#encoded(key)
    const last = carry | (rest << shift)
    if (begun + (length & 3) < 4) return scaled(finish(mixTail(hash, last), this.#length + length))
    return scaled(finish(mixTail(mixBlock(hash, last), rest >>> unshift), this.#length + length))
  }

  #encoded(key: string): number {
    const begun = this.#begun
    words.setInt32(0, this.#partial, true)
    const { written } = encoder.encodeInto(key, this.#target)
    const end = begun + written
    const blocks = end & ~3
    let hash = this.#start
    for (let i = 0; i < blocks; i += 4) hash = mixBlock(hash, words.getInt32(i, true))
    const left = end - blocks
    const rest = left === 0 ? 0 : words.getInt32(blocks, true) & (-1 >>> (32 - 8 * left))
    return scaled(finish(mixTail(hash, rest), this.#length + written))
  }

  #unprepared(key: string): number {
    return scaled(murmur3(encoder.encode(this.#salt + key)))
  }
}

function scaled(hash: number): number {
  return Math.floor((hash * BOUNDS.whole) / 2 ** 32)
}

/** Up to four bytes as a word, the first one lowest. */
function wordAt(bytes: Uint8Array, at: number, count: number): number {
  let word = 0
  for (let i = count - 1; i >= 0; i--) word = (word << 8) | bytes[at + i]!
  return word
}
