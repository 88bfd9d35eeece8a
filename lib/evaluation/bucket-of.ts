import { WHOLE } from './bounds'
import { murmur3 } from './murmur3'

const encoder = new TextEncoder()

/** `bucket` of a salt and a key that are one text already, in few bytes of code. */
export function bucketOf(text: string): number {
  return Math.floor((murmur3(encoder.encode(text)) * WHOLE) / 2 ** 32)
}
