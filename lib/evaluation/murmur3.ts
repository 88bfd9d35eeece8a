/**
 * MurmurHash3, the 32-bit variant for x86, seed 0: an unsigned 32-bit integer. Frozen: it decides who is in a rollout.
 * Its parts are exported for hashes that continue from a common beginning.
 */
export function murmur3(bytes: Uint8Array, length = bytes.length): number {
  const tail = length & ~3
  let hash = 0
  for (let i = 0; i < tail; i += 4) {
    hash = mixBlock(hash, bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
  }
  let rest = 0
  for (let i = length - 1; i >= tail; i--) rest = (rest << 8) | bytes[i]!
  return finish(mixTail(hash, rest), length)
}

/** Takes in four bytes, the first one lowest. */
export function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

/** Takes in the last bytes that make no block, 0 where there are none. */
export function mixTail(hash: number, rest: number): number {
  return hash ^ scramble(rest)
}

export function finish(hash: number, length: number): number {
  let mixed = hash ^ length
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}
