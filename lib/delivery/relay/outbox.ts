import { setTimeout as sleep } from 'node:timers/promises'
import type { Item, Relay } from './relay'

const MOST_WAITING = 1_000 // clients notice what was dropped by the next thing that they hear
const MOST_BYTES = 256 * 1024
const RETRY_MS = 250

/** What a relay is still to be told, in order: one request at a time, each with all that waits. */
export class Outbox {
  private readonly waiting: Item[] = []
  private busy: Promise<void> | null = null
  private isOver = false
  private isAway = false

  constructor(
    private readonly relay: Relay,
    private readonly changed: (error: unknown) => void,
  ) {}

  add(items: readonly Item[]): void {
    this.waiting.push(...items)
    this.waiting.splice(0, this.waiting.length - MOST_WAITING)
    this.busy ??= this.empty().finally(() => {
      this.busy = null
    })
  }

  /** Waits for what is under way; what cannot be told then is not told. */
  async close(): Promise<void> {
    this.isOver = true
    await this.busy
  }

  private async empty(): Promise<void> {
    while (this.waiting.length > 0 && !(this.isOver && this.isAway)) {
      const items = this.next()
      try {
        await this.relay.send(items)
        this.waiting.splice(0, this.waiting.indexOf(items.at(-1)!) + 1)
        if (this.isAway) this.changed(null)
        this.isAway = false
      } catch (error) {
        if (!this.isAway) this.changed(error)
        this.isAway = true
        await sleep(RETRY_MS)
      }
    }
  }

  private next(): Item[] {
    let bytes = 0
    const fits = this.waiting.findIndex((item) => {
      bytes += item.bytes.length
      return bytes > MOST_BYTES
    })
    return this.waiting.slice(
      0,
      Math.min(this.relay.most, fits < 0 ? this.waiting.length : Math.max(1, fits)),
    )
  }
}
