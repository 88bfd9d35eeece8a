import { sql } from 'drizzle-orm'
import type { Db } from '@/db/client'

/** Epoch milliseconds by the clock of Postgres, by which delivery nodes write down what they hear. */
export async function databaseTime(db: Db): Promise<number> {
  const [row] = await db.execute<{ now: string }>(
    sql`select extract(epoch from clock_timestamp()) * 1000 as now`,
  )
  return Number(row!.now)
}
