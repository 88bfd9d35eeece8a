import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { misusedKeys } from '@/db/schema'
import { now } from './clock'
import type { KeyRing } from './keys'

const LOOK_MS = 1_000
const HOUR_MS = 3_600_000
const USED_EVERY_LOOKS = 60 // a key in use costs a write a minute, however many nodes it is used at
const ROWS_AT_ONCE = 1_000

/** Tells Postgres when keys were used last, to the minute, and at once which server keys came out of a browser. */
export class KeyUses {
  private readonly timer: NodeJS.Timeout
  private readonly told = new Set<string>()
  private looks = 0

  constructor(
    private readonly db: Db,
    private readonly keys: KeyRing,
    /** The keys of open streams: they are in use. */
    private readonly streaming: () => Iterable<string>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => void this.look().catch(this.failed), LOOK_MS)
    this.timer.unref()
  }

  /** `away`: the database does not answer, and is not waited for. */
  async stop(away: boolean): Promise<void> {
    clearInterval(this.timer)
    if (!away) await Promise.all([this.writeMisused(), this.writeUsed()]).catch(this.failed)
  }

  private async look(): Promise<void> {
    this.looks++
    await this.writeMisused()
    if (this.looks % USED_EVERY_LOOKS === 0) await this.writeUsed()
  }

  private async writeMisused(): Promise<void> {
    const hour = Math.floor(now() / HOUR_MS) * HOUR_MS
    for (const [keyId, origin] of [...this.keys.misused]) {
      this.keys.misused.delete(keyId)
      const row = `${keyId} ${hour}`
      if (this.told.has(row)) continue
      await this.db
        .insert(misusedKeys)
        .values({ keyId, hour: new Date(hour), origin })
        .onConflictDoNothing()
      this.told.add(row)
    }
    for (const row of this.told) if (!row.endsWith(` ${hour}`)) this.told.delete(row)
  }

  /** What cannot be written is told a minute later, if the key is still in use. */
  private async writeUsed(): Promise<void> {
    const at = now()
    const used = new Map(this.keys.used)
    this.keys.used.clear()
    for (const id of this.streaming()) used.set(id, at)
    const rows = [...used].map(([id, time]) => sql`(${id}, ${new Date(time).toISOString()}::timestamptz)`)
    while (rows.length > 0)
      await this.db.execute(sql`
        update sdk_key set used_at = told.at from (values ${sql.join(rows.splice(0, ROWS_AT_ONCE), sql`, `)}) told (id, at)
        where sdk_key.id = told.id
          and (sdk_key.used_at is null or sdk_key.used_at < told.at - interval '30 seconds')`)
  }
}
