const WHOLE = 100_000
const UTF8_BYTES_PER_UNIT = 3
const SCRATCH_BYTES = 4_096

const encoder = new TextEncoder()

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

function mix(hash: number, block: number): number {
  const mixed = hash ^ scramble(block)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

/**
 * The same buckets as ours, `floor(murmur3(utf8(salt + key)) * 100000 / 2^32)`, with what can be known of a salt worked
 * out beforehand: the state after its whole words, and its last bytes in front of where the key is encoded.
 */
export function bucketOf(salt: string): (key: string) => number {
  const saltBytes = encoder.encode(salt)
  const whole = saltBytes.length & ~3
  const scratch = new ArrayBuffer(SCRATCH_BYTES)
  const bytes = new Uint8Array(scratch)
  const words = new Int32Array(scratch)
  bytes.set(saltBytes)
  let start = 0
  for (let word = 0; word < whole >> 2; word++) start = mix(start, words[word]!)
  bytes.set(saltBytes.subarray(whole))
  const pending = saltBytes.length - whole
  const rest = bytes.subarray(pending)
  const longest = Math.floor(rest.length / UTF8_BYTES_PER_UNIT)

  return (key) => {
    if (key.length > longest) throw new RangeError(`a key of ${key.length} characters is no id`)
    const length = pending + encoder.encodeInto(key, rest).written
    const end = length >> 2
    let hash = start
    for (let word = 0; word < end; word++) hash = mix(hash, words[word]!)
    const left = length & 3
    if (left !== 0) hash ^= scramble(words[end]! & ((1 << (left << 3)) - 1))
    hash ^= whole + length
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return Math.floor((((hash ^ (hash >>> 16)) >>> 0) * WHOLE) / 2 ** 32)
  }
}
