import type { Key } from '../keys'

const PER_SECOND = 2_000 // about what one core answers; far more than one environment asks
const BURST = 10_000 // a crowd of browsers that arrives together is let in
const FLAGS_A_TOKEN = 100 // an answer with many flags costs more than one with few

type Bucket = { tokens: number; at: number }

/** How much of OFREP each key may ask of this node: a token bucket a key, so that one cannot take all. */
export class Allowance {
  private readonly buckets = new WeakMap<Key, Bucket>()

  /**
   * Takes what answering with so many flags costs. Answers with the whole seconds after which there is enough again;
   * 0 when it was taken.
   *
   * @example if (allowance.take(key, 1) > 0) return tooMany()
   */
  take(key: Key, flags: number): number {
    const now = performance.now()
    const bucket = this.buckets.get(key) ?? { tokens: BURST, at: now }
    this.buckets.set(key, bucket)
    const earned = ((now - bucket.at) / 1_000) * PER_SECOND
    Object.assign(bucket, { tokens: Math.min(BURST, bucket.tokens + earned), at: now })
    const cost = 1 + Math.floor(flags / FLAGS_A_TOKEN)
    const lacking = cost - bucket.tokens
    if (lacking > 0) return Math.ceil(lacking / PER_SECOND)
    bucket.tokens -= cost
    return 0
  }
}
