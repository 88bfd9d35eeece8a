import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { and, eq, gt, sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { idempotency } from '@/db/schema'
import { secretFor } from '@/lib/secrets'
import type { Ctx } from './context'
import { ControlError } from './errors'

// Source: the IETF draft "The Idempotency-Key HTTP Header Field".

const FORGOTTEN = sql`now() - interval '24 hours'`
const SWEEP_ROWS = 100 // more than one request adds, so the table stays as small as a day

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Answers may hold secrets: only someone who still has the Idempotency-Key can read one again. */
const cipherKey = (key: string) =>
  Buffer.from(
    hkdfSync('sha256', Buffer.concat([secretFor('idempotency'), Buffer.from(key)]), '', 'answer', 32),
  )

function seal(text: string, key: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', cipherKey(key), nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
}

function unseal(sealed: string, key: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', cipherKey(key), bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

/** Forgets some answers older than 24 h; those that another request is forgetting are left to it. */
async function sweep(tx: Tx): Promise<void> {
  await tx.execute(sql`
    delete from idempotency where (principal, key_hash) in (
      select principal, key_hash from idempotency where created_at < ${FORGOTTEN}
      limit ${SWEEP_ROWS} for update skip locked)`)
}

/**
 * Runs `effect` once for each Idempotency-Key of a principal; a repeat gets the first answer. The answer is stored
 * in the transaction of the effect: neither is ever there without the other.
 */
export async function once<A>(tx: Tx, ctx: Ctx, input: unknown, effect: () => Promise<A>): Promise<A> {
  const key = ctx.idempotencyKey
  if (key === null) return effect()
  const principal = `${ctx.actor.kind}:${ctx.actor.id}`
  const keyHash = sha256(key)
  const requestHash = sha256(`${ctx.route}\n${ctx.ifMatch}\n${JSON.stringify(input)}`)

  const [lock] = await tx.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${`${principal} ${keyHash}`}, 0)) as taken`,
  )
  if (!lock?.taken)
    throw new ControlError(
      'conflict',
      'a request with this Idempotency-Key is still running: try again shortly',
    )

  const [earlier] = await tx
    .select()
    .from(idempotency)
    .where(
      and(
        eq(idempotency.principal, principal),
        eq(idempotency.keyHash, keyHash),
        gt(idempotency.createdAt, FORGOTTEN),
      ),
    )
  if (earlier && earlier.requestHash !== requestHash)
    throw new ControlError(
      'idempotency_mismatch',
      'this Idempotency-Key was used for another request: send a new key with a new request',
    )
  if (earlier) return JSON.parse(unseal(earlier.answer, key)) as A

  const answer = await effect()
  const values = { requestHash, answer: seal(JSON.stringify(answer), key), createdAt: sql`now()` }
  await Promise.all([
    tx
      .insert(idempotency)
      .values({ principal, keyHash, ...values })
      .onConflictDoUpdate({ target: [idempotency.principal, idempotency.keyHash], set: values }),
    sweep(tx),
  ])
  return answer
}
