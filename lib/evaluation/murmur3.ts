/** MurmurHash3, the 32-bit variant for x86, seed 0: an unsigned 32-bit integer. Frozen: it decides who is in a rollout. */
export function murmur3(bytes: Uint8Array, length = bytes.length): number {
  const tail = length & ~3
  let hash = 0

  for (let i = 0; i < tail; i += 4) {
    hash ^= scramble(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }

  let rest = 0
  for (let i = length - 1; i >= tail; i--) rest = (rest << 8) | bytes[i]!
  if (tail < length) hash ^= scramble(rest)

  hash ^= length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}
