import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { receipts } from '@/db/schema'
import type { Node } from './admitted'
import { now } from './clock'
import { gotThere } from './measures'
import type { Sent } from './stream'

const AFTER_PUBLISH_MS = [100, 500, 2_000] as const // a dashboard that waits sees the first within a blink
const LOOK_MS = 1_000 // how late an SDK that connects or goes is counted
const REFRESH_MS = 5_000 // readers ignore rows older than 15 s: a dead node counts for nobody

type Timing = { version: number; elapsedMs: number | null }

/** Tells Postgres how far this node has brought each version. */
export class Receipts {
  private readonly name = randomUUID()
  private readonly timings = new Map<number, Timing>()
  private readonly written = new Map<number, { connected: number; at: number }>()
  private readonly refresh: NodeJS.Timeout

  constructor(
    private readonly db: Db,
    private readonly node: Pick<Node, 'feed' | 'hub' | 'acks'>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.refresh = setInterval(() => void this.all(), LOOK_MS)
    this.refresh.unref()
  }

  sent({ environment, version, committedAt, done }: Sent): void {
    const timing: Timing = { version, elapsedMs: null }
    this.timings.set(environment.dbId, timing)
    void done.then(() => {
      timing.elapsedMs = Math.max(0, now() - committedAt)
      gotThere('sent', committedAt)
    })
    for (const delay of AFTER_PUBLISH_MS) setTimeout(() => void this.write(environment.dbId), delay).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.refresh)
    if (this.node.feed.away) return
    await this.db.delete(receipts).where(eq(receipts.node, this.name)).catch(this.failed)
  }

  private async all(): Promise<void> {
    for (const id of this.node.feed.environments.keys()) {
      const { connected, at } = this.written.get(id) ?? { connected: 0, at: 0 }
      const open = this.node.hub.connected(id)
      if (open !== connected || (open > 0 && Date.now() - at >= REFRESH_MS)) await this.write(id)
    }
  }

  private async write(environmentId: number): Promise<void> {
    const environment = this.node.feed.environments.get(environmentId)
    if (!environment || this.node.feed.away) return
    const { epoch, version } = environment.head
    const timing = this.timings.get(environmentId)
    const connected = this.node.hub.connected(environmentId)
    const values = {
      epoch,
      version,
      connected,
      drained: this.node.hub.drained(environmentId),
      asked: this.node.hub.asked(environmentId),
      ...this.node.acks.count(environmentId, { epoch, version }),
      elapsedMs: timing?.version === version ? timing.elapsedMs : null,
      at: sql`clock_timestamp()`,
    }
    this.written.set(environmentId, { connected, at: Date.now() })
    await this.db
      .insert(receipts)
      .values({ node: this.name, environmentId, ...values } as never)
      .onConflictDoUpdate({ target: [receipts.node, receipts.environmentId], set: values })
      .catch(this.failed)
  }
}
