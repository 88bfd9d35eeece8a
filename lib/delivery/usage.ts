import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { evaluationCounts, seenAttributes, trackedEvents } from '@/db/usage'
import { type EvaluationContext, type SeenAttribute, SeenAttributes } from '@/lib/evaluation'
import { now } from './clock'
import type { TelemetryBatch } from './telemetry-batch'

const FLUSH_MS = 60_000
const SOON_MS = 1_000 // the first word of a flag: somebody may be waiting for it
const MOST_MET = 100_000 // flags in environments, of which the first word is not awaited any more
const MOST_ROWS = 50_000 // waiting to be written; what comes on top is left out
const ROWS_AT_ONCE = 1_000 // a statement takes at most 65,535 parameters
const MOST_UNKNOWN_FLAGS = 100 // an environment and minute: whoever has a client key can make them up
const MOST_ATTRIBUTES = 500 // an environment: whoever has a client key can make them up
const MOST_BATCHES = 20_000 // whose ids are remembered, so that a retry counts once

type CountRow = typeof evaluationCounts.$inferInsert
type EventRow = typeof trackedEvents.$inferInsert
type AttributeRow = typeof seenAttributes.$inferInsert

/** Whom a batch is from, and which flags there are for them. */
export type Sender = {
  readonly environmentId: number
  readonly browser: boolean
  readonly knows: (flagKey: string) => boolean
}

type Counted = TelemetryBatch['counts'][number]

const minuteOf = (time: number) => new Date(Math.floor(time / 60_000) * 60_000)

/**
 * Adds up what providers tell and what OFREP answers, in memory, and writes it to Postgres once a minute; the first word
 * of a flag within a second.
 */
export class Usage {
  private counts = new Map<string, CountRow>()
  private events = new Map<string, EventRow>()
  private attributes = new Map<string, AttributeRow>()
  private readonly named = new Map<number, Set<string>>()
  /** Of contexts that came here whole, by environment and where they are from. */
  private readonly seenHere = new Map<
    string,
    { sender: Pick<Sender, 'environmentId' | 'browser'>; seen: SeenAttributes }
  >()
  private unknown = new Map<number, Set<string>>()
  private readonly batches = new Set<string>()
  private readonly met = new Set<string>()
  private readonly timer: NodeJS.Timeout
  private soon: NodeJS.Timeout | undefined

  constructor(
    private readonly db: Db,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => {
      this.unknown.clear()
      void this.flush()
    }, FLUSH_MS)
    this.timer.unref()
  }

  add(sender: Sender, { batch, client, counts, events, attributes }: TelemetryBatch): void {
    if (counts.length + events.length === 0 || this.batches.has(batch)) return
    this.batches.add(batch)
    if (this.batches.size > MOST_BATCHES) this.batches.delete(this.batches.values().next().value!)
    for (const count of counts) this.count(sender, client, count)
    const { environmentId, browser } = sender
    const from = { environmentId, minute: minuteOf(now()), browser, client }
    for (const { name, value = 0 } of events)
      this.addEvent({ ...from, name: name.slice(0, 256), count: 1, total: value })
    this.addAttributes(sender, attributes)
  }

  /** Notes which attributes a context has that was sent here as a whole. */
  look(environmentId: number, browser: boolean, context: EvaluationContext): void {
    const name = `${environmentId} ${browser}`
    const known = this.seenHere.get(name) ?? {
      sender: { environmentId, browser },
      seen: new SeenAttributes(),
    }
    this.seenHere.set(name, known)
    known.seen.look(context)
  }

  /** Evaluations that came out alike: told by a provider, or made here. */
  count(sender: Sender, client: string, { flag, variant, reason, errorCode, count }: Counted): void {
    const { environmentId, browser } = sender
    const known = sender.knows(flag)
    if (!known && !this.admits(environmentId, flag)) return
    this.addCount({
      ...{ environmentId, minute: minuteOf(now()), flag, browser, client },
      ...{ variant: variant ?? '', reason, errorCode: errorCode ?? '', count, toldAt: new Date(now()) },
    })
    if (known) this.meet(`${environmentId} ${flag}`)
  }

  private meet(flag: string): void {
    if (this.met.has(flag) || this.met.size >= MOST_MET) return
    this.met.add(flag)
    this.hurry()
  }

  private hurry(): void {
    this.soon ??= setTimeout(() => void this.flush(), SOON_MS).unref()
  }

  /** What cannot be written waits for the next time. */
  async flush(): Promise<void> {
    clearTimeout(this.soon)
    this.soon = undefined
    const counts = [...this.counts.values()]
    const events = [...this.events.values()]
    for (const { sender, seen } of this.seenHere.values()) this.addAttributes(sender, seen.take())
    const attributes = [...this.attributes.values()]
    this.counts = new Map()
    this.events = new Map()
    this.attributes = new Map()
    try {
      while (counts.length > 0) await this.writeCounts(counts)
      while (events.length > 0) await this.writeEvents(events)
      while (attributes.length > 0) await this.writeAttributes(attributes)
    } catch (error) {
      this.failed(error)
      for (const row of counts) this.addCount(row)
      for (const row of events) this.addEvent(row)
      for (const row of attributes) this.addAttributes(row, [row])
    }
  }

  /** `away`: the database does not answer, and is not waited for. */
  async stop(away: boolean): Promise<void> {
    clearInterval(this.timer)
    clearTimeout(this.soon)
    if (!away) await this.flush()
  }

  private addAttributes(
    { environmentId, browser }: Pick<Sender, 'environmentId' | 'browser'>,
    attributes: readonly SeenAttribute[],
  ): void {
    const seenAt = new Date(now())
    for (const { name, type } of attributes)
      if (admits(this.named, environmentId, name, MOST_ATTRIBUTES)) {
        const row = { environmentId, browser, name, type, seenAt }
        kept(this.attributes, `${environmentId} ${browser} ${type} ${name}`, row)
      }
  }

  private addCount(row: CountRow): void {
    const known = kept(this.counts, JSON.stringify({ ...row, count: 0, toldAt: 0 }), row)
    if (known) Object.assign(known, { count: known.count + row.count, toldAt: row.toldAt })
  }

  private addEvent(row: EventRow): void {
    const known = kept(this.events, JSON.stringify({ ...row, count: 0, total: 0 }), row)
    if (known) Object.assign(known, { count: known.count + row.count, total: known.total + row.total })
  }

  private admits(environmentId: number, flag: string): boolean {
    const unknown = this.unknown.get(environmentId) ?? new Set()
    this.unknown.set(environmentId, unknown)
    if (unknown.has(flag)) return true
    if (unknown.size >= MOST_UNKNOWN_FLAGS) return false
    unknown.add(flag)
    this.hurry()
    return true
  }

  private async writeCounts(rows: CountRow[]): Promise<void> {
    const { environmentId, minute, flag, variant, reason, errorCode, browser, client, count, toldAt } =
      evaluationCounts
    await this.db
      .insert(evaluationCounts)
      .values(rows.slice(0, ROWS_AT_ONCE))
      .onConflictDoUpdate({
        target: [environmentId, minute, flag, variant, reason, errorCode, browser, client],
        set: { count: sql`${count} + excluded.count`, toldAt: sql`greatest(${toldAt}, excluded.told_at)` },
      })
    rows.splice(0, ROWS_AT_ONCE)
  }

  private async writeAttributes(rows: AttributeRow[]): Promise<void> {
    const { environmentId, name, type, browser, seenAt } = seenAttributes
    await this.db
      .insert(seenAttributes)
      .values(rows.slice(0, ROWS_AT_ONCE))
      .onConflictDoUpdate({
        target: [environmentId, name, type, browser],
        set: { seenAt: sql`greatest(${seenAt}, excluded.seen_at)` },
      })
    rows.splice(0, ROWS_AT_ONCE)
  }

  private async writeEvents(rows: EventRow[]): Promise<void> {
    const { environmentId, minute, name, browser, client, count, total } = trackedEvents
    await this.db
      .insert(trackedEvents)
      .values(rows.slice(0, ROWS_AT_ONCE))
      .onConflictDoUpdate({
        target: [environmentId, minute, name, browser, client],
        set: { count: sql`${count} + excluded.count`, total: sql`${total} + excluded.total` },
      })
    rows.splice(0, ROWS_AT_ONCE)
  }
}

/** Whether a name is one of the first that an environment was told of. */
function admits(names: Map<number, Set<string>>, environmentId: number, name: string, most: number): boolean {
  const known = names.get(environmentId) ?? new Set()
  names.set(environmentId, known)
  if (known.size < most) known.add(name)
  return known.has(name)
}

/** The row that is there already; a new one is kept where there is room. */
function kept<T>(rows: Map<string, T>, key: string, row: T): T | undefined {
  const known = rows.get(key)
  if (!known && rows.size < MOST_ROWS) rows.set(key, row)
  return known
}
