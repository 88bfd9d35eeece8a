import { murmur3 } from '../../../lib/evaluation/murmur3'

/** Tells texts apart without repeating them: for names and marks, not for secrets. */
export function hash(text: string): string {
  return murmur3(new TextEncoder().encode(text)).toString(16)
}
