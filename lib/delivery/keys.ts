import { timingSafeEqual } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { sdkKeys } from '@/db/schema'
import { matchesHash } from '@/lib/secrets'
import { idIn, readToken } from '@/lib/token'
import { now } from './clock'
import { Refusals } from './refusals'
import type { KeyView } from './view'

export type Key = {
  id: string
  environmentId: number
  view: KeyView
  hash: string
  /** The whole key, once it was found to have the hash: comparing is a hundredth of hashing. */
  verified?: Buffer
  /** The origins of pages that may use it; empty: all. */
  origins: readonly string[]
  /** Epoch milliseconds, by the clock of Postgres; Infinity for a key that never expires. */
  expiresAt: number
}

function isOf(key: Key, token: string): boolean {
  const given = Buffer.from(token)
  if (key.verified) return given.length === key.verified.length && timingSafeEqual(given, key.verified)
  const isRight = matchesHash(token, key.hash)
  if (isRight) key.verified = given
  return isRight
}

/** The live keys of every environment, in memory: authentication needs no database. */
export class KeyRing {
  private keys = new Map<string, Key>()
  /** Key id -> when it was used last, since somebody wrote that down. */
  readonly used = new Map<string, number>()
  /** Server key id -> the page that it came from. */
  readonly misused = new Map<string, string>()
  readonly refusals = new Refusals()

  /** Reads an environment's keys again. Answers with the ids that are gone. */
  async reload(db: Db, environmentId: number): Promise<string[]> {
    const rows = await db
      .select()
      .from(sdkKeys)
      .where(and(eq(sdkKeys.environmentId, environmentId), isNull(sdkKeys.revokedAt)))
    const before = [...this.keys.values()].filter((key) => key.environmentId === environmentId)
    for (const { id } of before) this.keys.delete(id)
    for (const { id, kind, mode, hash, origins, expiresAt } of rows)
      this.keys.set(id, {
        id,
        environmentId,
        view: kind === 'server' ? 'server' : (mode ?? 'full'),
        hash,
        origins,
        expiresAt: expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
      })
    return before.filter(({ id }) => !this.keys.has(id)).map(({ id }) => id)
  }

  /** The ids of keys that expired after `from`, up to `to` (epoch ms). */
  expired(from: number, to: number): string[] {
    return [...this.keys.values()]
      .filter(({ expiresAt }) => expiresAt > from && expiresAt <= to)
      .map(({ id }) => id)
  }

  forget(environmentId: number): void {
    for (const key of this.keys.values()) if (key.environmentId === environmentId) this.keys.delete(key.id)
  }

  /** The key of a token that was found before; null says nothing about any other. */
  findKnown(token: string): Key | null {
    const key = this.keys.get(idIn(token))
    return key?.verified ? this.usedNow(key, token) : null
  }

  find(token: string): Key | null {
    const known = readToken(token)
    const key = known && this.keys.get(known.id)
    return key ? this.usedNow(key, token) : null
  }

  private usedNow(key: Key, token: string): Key | null {
    const at = now()
    if (!isOf(key, token) || key.expiresAt <= at) return null
    this.used.set(key.id, at)
    return key
  }
}
