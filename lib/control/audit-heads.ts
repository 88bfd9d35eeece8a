import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, db, type Tx } from '@/db/client'
import { log } from '@/lib/log'
import { headSignature, INSTALLATION_CHAIN, spelled } from './audit-chain'
import { watchChains } from './audit-watch'
import { queueHeads } from './webhook-events'

// Whoever can write to the database can take the last entries away, and the head with them. What the log has seen of the
// heads tells.

const LOOK_MS = 60_000
const LAST_WORD_MS = 1_000 // a database that is away must not hold up the end of the process
const EVERY = sql`interval '1 hour'`

const toldHead = z.object({
  audit: z.literal('head'),
  chain: z.int(),
  seq: z.int(),
  hash: z.string(),
  at: z.string(),
  signature: z.string(),
})

/** The end of a chain as the log was told. */
export type ToldHead = z.output<typeof toldHead>

type Row = { chain: number; seq: string; hash: string; at: string }

/** The heads of all chains, signed. */
export async function signedHeads(from: Db | Tx): Promise<ToldHead[]> {
  const rows = await from.execute<Row>(sql`
    select chain, seq::text, hash, ${spelled(sql`clock_timestamp()`)} as at from audit_head order by chain`)
  return rows.map((row) => {
    const head = { ...row, seq: Number(row.seq) }
    return { audit: 'head', ...head, signature: headSignature(head) }
  })
}

/** Takes the turn of this hour: true for one process, whoever asks first. */
export async function takeTurn(): Promise<boolean> {
  const taken = await db().execute(sql`
    update audit_head set shipped_at = now()
    where chain = ${INSTALLATION_CHAIN} and (shipped_at is null or shipped_at < now() - ${EVERY}) returning chain`)
  return taken.length > 0
}

async function tell(): Promise<ToldHead[]> {
  const heads = await signedHeads(db())
  for (const head of heads) log.info(head, 'the end of a chain of audit entries')
  return heads
}

/**
 * Once an hour, by one process of all: tells the log and the endpoints of the installation where each chain ends, and looks
 * whether it is unbroken. `stop` tells the log a last time.
 */
export function tellHeads(): { stop(): Promise<void> } {
  const failed = (error: unknown) => log.warn({ err: error }, 'the ends of the audit chains were not told')
  const look = async () => {
    if (!(await takeTurn())) return
    await queueHeads(db(), await tell())
    await watchChains()
  }
  const timer = setInterval(() => void look().catch(failed), LOOK_MS).unref()
  void look().catch(failed)
  return {
    stop: async () => {
      clearInterval(timer)
      await Promise.race([tell().catch(failed), sleep(LAST_WORD_MS)])
    },
  }
}

/** The heads that lines of a log tell; a line about anything else is passed over. */
export function toldHeads(text: string): { line: number; head: ToldHead }[] {
  return text.split('\n').flatMap((content, index) => {
    if (!content.includes('"audit":"head"')) return []
    try {
      return [{ line: index + 1, head: toldHead.parse(JSON.parse(content)) }]
    } catch {
      throw new Error(
        `line ${index + 1} tells a head, and cannot be read: pass the lines of the log unchanged`,
      )
    }
  })
}

/** What the log was told and the database denies. */
export async function checkToldHeads(
  from: Db | Tx,
  told: readonly { line: number; head: ToldHead }[],
): Promise<string[]> {
  const problems: string[] = []
  for (const { line, head } of told) {
    const { chain, seq, hash, at } = head
    if (headSignature(head) !== head.signature) {
      problems.push(`line ${line} was not written by this installation: its signature is wrong`)
      continue
    }
    const [found] = await from.execute<{
      hash: string | null
      begun: string | null
      last: string | null
    }>(sql`
      select (select hash from audit where coalesce(project_id, 0) = ${chain} and seq = ${seq}) as hash,
        (select begun from audit_head where chain = ${chain}) as begun,
        (select max(seq)::text from audit where coalesce(project_id, 0) = ${chain}) as last`)
    const now = seq === 0 ? found!.begun : found!.hash
    const what = `chain ${chain} ended at entry ${seq} on ${at} (line ${line})`
    if (now === null && Number(found!.last ?? 0) < seq)
      problems.push(`${what}, and ends at entry ${found!.last ?? 0} now: it was truncated`)
    else if (now !== hash) problems.push(`${what}, and that entry is another now`)
  }
  return problems
}
