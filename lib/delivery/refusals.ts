import type { RefusedFor } from '@/db/usage'

const MOST = 200 // between two writes: whoever has no key must not fill the memory

export type Refusal = { reason: RefusedFor; keyId: string; client: string }

/** Requests that were turned away since somebody wrote that down, the last of each kind. */
export class Refusals {
  private seen = new Map<string, Refusal>()

  add(refusal: Refusal): void {
    const key = `${refusal.reason} ${refusal.keyId}`
    if (this.seen.size < MOST || this.seen.has(key)) this.seen.set(key, refusal)
  }

  take(): Refusal[] {
    if (this.seen.size === 0) return []
    const taken = [...this.seen.values()]
    this.seen = new Map()
    return taken
  }
}
