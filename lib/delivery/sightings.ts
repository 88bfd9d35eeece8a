import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { eq, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { connections, type Protocol, refusedAsks } from '@/db/usage'
import type { ChangeFeed } from './change-feed'
import { now } from './clock'
import type { Key } from './keys'

const LOOK_MS = 1_000 // how late a new client is seen
const REFRESH_LOOKS = 5 // readers ignore streams of rows older than 15 s: a dead node counts for nobody
const FORGET_LOOKS = 600
const REST_LOOKS = 60 // after a failure: a role that lacks a right gets none by asking again
const DAY_MS = 86_400_000
const MOST = 500 // rows of a node: whoever has a client key can call themselves anything

/** A stream that is open. */
export type OpenStream = {
  key: Key
  client: string
  protocol: Protocol
  since: number
  /** It has taken every byte written to it. */
  current: boolean
}

type Row = typeof connections.$inferInsert

type Asked = Pick<Row, 'environmentId' | 'keyId' | 'client' | 'protocol'> & { at: number }

const nameOf = ({ keyId, client, protocol }: Pick<Row, 'keyId' | 'client' | 'protocol'>) =>
  `${keyId} ${protocol} ${client}`

/** Tells Postgres who asks this node for flags, and who was turned away. */
export class Sightings {
  private readonly node = `${hostname().slice(0, 60)} ${randomUUID().slice(0, 8)}`
  private readonly asked = new Map<string, Asked>()
  private told = new Map<string, Row>()
  private looks = 0
  private restsUntil = 0
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly db: Db,
    private readonly feed: Pick<ChangeFeed, 'away' | 'environments' | 'keys'>,
    private readonly streams: () => Iterable<OpenStream>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => void this.look(), LOOK_MS)
    this.timer.unref()
  }

  /** A request that is no stream. */
  saw({ id, environmentId }: Key, protocol: Protocol, client: string): void {
    const asked = { environmentId, keyId: id, client, protocol, at: now() }
    const name = nameOf(asked)
    if (this.asked.size < MOST || this.asked.has(name)) this.asked.set(name, asked)
  }

  /** `away`: the database does not answer, and is not waited for. */
  async stop(away: boolean): Promise<void> {
    clearInterval(this.timer)
    if (away) return
    const gone = this.db
      .update(connections)
      .set({ open: 0, current: 0 })
      .where(eq(connections.node, this.node))
    await Promise.all([gone, this.writeRefusals()]).catch(this.failed)
  }

  private async look(): Promise<void> {
    this.looks++
    if (this.feed.away) this.restsUntil = 0
    if (this.feed.away || this.looks < this.restsUntil) return
    try {
      await this.writeRefusals()
      await this.writeRows(this.looks % REFRESH_LOOKS === 0)
      if (this.looks % FORGET_LOOKS === 0) await this.forget()
    } catch (error) {
      this.restsUntil = this.looks + REST_LOOKS
      this.failed(error)
    }
  }

  /** Who is there now: streams by key and client, and who has asked without one. */
  private rows(): Map<string, Row> {
    const rows = new Map<string, Row>()
    const rowOf = (of: Pick<Row, 'environmentId' | 'keyId' | 'client' | 'protocol'>): Row | null => {
      const name = nameOf(of)
      const known = rows.get(name)
      const head = this.feed.environments.get(of.environmentId)?.head
      if (known || !head || rows.size >= MOST) return known ?? null
      const { environmentId, keyId, client, protocol } = of
      const { epoch, version } = head
      const row: Row = {
        ...{ node: this.node, environmentId, keyId, client, protocol, epoch, version },
        ...{ open: 0, current: 0, since: null, askedAt: null, at: new Date(now()) },
      }
      rows.set(name, row)
      return row
    }
    for (const { key, client, protocol, since, current } of this.streams()) {
      const row = rowOf({ environmentId: key.environmentId, keyId: key.id, client, protocol })
      if (!row) continue
      row.open++
      row.current += Number(current)
      if (!row.since || since < row.since.getTime()) row.since = new Date(since)
    }
    for (const asked of this.asked.values()) {
      const row = rowOf(asked)
      if (row) row.askedAt = new Date(asked.at)
    }
    return rows
  }

  /** `all`: also what has been told already. Streams that have ended are told once more, as none. */
  private async writeRows(all: boolean): Promise<void> {
    const rows = this.rows()
    const ended = [...this.told].flatMap(([name, row]) =>
      row.open > 0 && !rows.has(name)
        ? [{ ...row, open: 0, current: 0, since: null, at: new Date(now()) }]
        : [],
    )
    const changed = [...rows].filter(([name, { open }]) => all || this.told.get(name)?.open !== open)
    const due = [...changed.map(([, row]) => row), ...ended]
    if (due.length > 0) await this.write(due)
    for (const row of ended) this.told.delete(nameOf(row))
    for (const [name, row] of changed) this.told.set(name, row)
    if (!all) return
    this.asked.clear()
    for (const name of this.told.keys()) if (!rows.has(name)) this.told.delete(name)
  }

  private async write(rows: Row[]): Promise<void> {
    const { node, environmentId, keyId, client, protocol, askedAt } = connections
    await this.db
      .insert(connections)
      .values(rows)
      .onConflictDoUpdate({
        target: [node, environmentId, keyId, client, protocol],
        set: {
          open: sql`excluded.open`,
          current: sql`excluded.current`,
          since: sql`excluded.since`,
          askedAt: sql`coalesce(excluded.asked_at, ${askedAt})`,
          epoch: sql`excluded.epoch`,
          version: sql`excluded.version`,
          at: sql`excluded.at`,
        },
      })
  }

  /** Of keys that this installation does not have, the last is kept: anybody can make them up. */
  private async writeRefusals(): Promise<void> {
    for (const { reason, keyId, client } of this.feed.keys.refusals.take())
      await this.db.execute(sql`
        insert into ${refusedAsks} (reason, key_id, client, at)
        values (${reason}, coalesce((select id from sdk_key where id = ${keyId}), ''), ${client}, clock_timestamp())
        on conflict (reason, key_id) do update set client = excluded.client, at = excluded.at`)
  }

  private async forget(): Promise<void> {
    await this.db.delete(connections).where(lt(connections.at, new Date(now() - DAY_MS)))
  }
}
