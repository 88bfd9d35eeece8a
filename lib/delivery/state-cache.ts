import { createHmac, timingSafeEqual } from 'node:crypto'
import { type ConfigState, decodeSnapshot, encodeSnapshot } from '@/db/config-log'
import type { Redis } from '@/lib/redis/port'
import { secretFor } from '@/lib/secrets'
import type { Environment } from './environment'

const WRITE_WITHIN_MS = 2_000 // nodes that saw one version draw lots: the first writes, the others find it written
const EPOCH = 2 ** 32

type Head = Pick<ConfigState, 'epoch' | 'version' | 'hash'>
type Kept = Head & { flagSetId: string; snapshot: string }

const keyOf = (environmentId: number) => `jackstaff:state:${environmentId}`
const orderOf = ({ epoch, version }: Head) => epoch * EPOCH + version
const sealOf = (text: string) => createHmac('sha256', secretFor('cache')).update(text).digest('base64url')

/** The text that was sealed; null where anybody but this installation wrote it. */
function unsealed(sealed: string): string | null {
  const at = sealed.indexOf('\n')
  const text = sealed.slice(at + 1)
  const [given, own] = [Buffer.from(sealed.slice(0, at)), Buffer.from(sealOf(text))]
  return given.length === own.length && timingSafeEqual(given, own) ? text : null
}

/** States between memory and Postgres, for nodes that start. A Redis that others can write to cannot change a flag. */
export class StateCache {
  private readonly timers = new Map<number, NodeJS.Timeout>()

  constructor(private readonly redis: Promise<Redis> | null) {}

  /** The newest state that is kept, or null; never one that is not of this history as far as its head can tell. */
  async read(environmentId: number, flagSetId: string, head: Head): Promise<ConfigState | null> {
    if (!this.redis) return null
    try {
      const sealed = await (await this.redis).get(keyOf(environmentId))
      const text = sealed === null ? null : unsealed(sealed)
      if (text === null) return null
      const { snapshot, ...kept } = JSON.parse(text) as Kept
      const sameHistory = kept.flagSetId === flagSetId && kept.epoch === head.epoch
      const isOurs = kept.version < head.version || (kept.version === head.version && kept.hash === head.hash)
      return sameHistory && isOurs ? decodeSnapshot(snapshot, kept) : null
    } catch {
      return null // Postgres knows it all
    }
  }

  /** Keeps the environment's state as it will be within two seconds. */
  keep(environment: Environment): void {
    if (!this.redis || this.timers.has(environment.dbId)) return
    const write = () => {
      this.timers.delete(environment.dbId)
      void this.write(environment).catch(() => {}) // the next version is another chance
    }
    this.timers.set(environment.dbId, setTimeout(write, Math.random() * WRITE_WITHIN_MS).unref())
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
  }

  private async write(environment: Environment): Promise<void> {
    const redis = await this.redis!
    const { dbId, flagSetId, head } = environment
    const held = await redis.get(`${keyOf(dbId)}:order`)
    if (held !== null && Number(held) >= orderOf(head)) return
    const kept: Kept = { ...head, flagSetId, snapshot: encodeSnapshot(environment.state()) }
    const text = JSON.stringify(kept)
    await redis.keepNewest(keyOf(dbId), orderOf(head), `${sealOf(text)}\n${text}`)
  }
}
