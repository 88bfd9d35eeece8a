import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { configId, replay, stateAt, versionsAfter } from '@/db/config-log'
import { envHeads, environments, projects } from '@/db/schema'
import { Environment, type Step } from './environment'
import type { KeyRing } from './keys'

const POLL_MS = 250 // the guarantee: a lost notification costs at most this
const MAX_REPLAY = 256 // wider gaps are read as a whole
const STOP_MS = 1_000 // a database that does not answer must not hold up the end
const STALE_AFTER_MS = 2_000 // one failed poll is noise

export type FeedEvents = {
  /** A version arrived. */
  step(environment: Environment, step: Step): void
  /** The state was replaced as a whole. */
  reset(environment: Environment): void
  revoked(keyIds: readonly string[]): void
  removed(environment: Environment): void
  /** The database went away; told once, not at every look. */
  lost(error: unknown): void
  found(): void
}

type Head = {
  id: number
  flagSetId: string
  epoch: number
  version: number
  hash: string
  keysRevision: number
}

/** Follows every environment's head in Postgres. Polling is the guarantee; `nudge` only makes it faster. */
export class ChangeFeed {
  readonly environments = new Map<number, Environment>()
  private revisions = new Map<number, number>()
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | null = null
  private following: Promise<void> | null = null
  private stopped = false
  private lastSuccess = 0
  private lost = false

  constructor(
    private readonly db: Db,
    readonly keys: KeyRing,
    private readonly events: FeedEvents,
  ) {}

  /** Resolves once every environment is in memory; rejects when the first read fails. */
  async start(): Promise<void> {
    await this.read()
    this.lastSuccess = Date.now()
    this.schedule()
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await Promise.race([this.following ?? this.running, sleep(STOP_MS)])
  }

  /** Something may have changed: resolves after a look that began later than the call. Such calls share one look. */
  nudge(): Promise<void> {
    if (!this.running) {
      this.running = this.look().finally(() => {
        this.running = null
      })
      return this.running
    }
    this.following ??= this.running.then(() => {
      this.following = null
      return this.nudge()
    })
    return this.following
  }

  /** The same, without waiting longer than this: the database may be away. */
  async nudgeWithin(ms: number): Promise<void> {
    await Promise.race([this.nudge(), sleep(ms)])
  }

  get ready(): boolean {
    return this.lastSuccess > 0
  }

  /** Whether the last look failed. */
  get away(): boolean {
    return this.lost
  }

  /** Epoch milliseconds of the last successful look when the database has been away since; else null. */
  get staleSince(): number | null {
    return Date.now() - this.lastSuccess > STALE_AFTER_MS ? this.lastSuccess : null
  }

  private schedule(): void {
    if (this.stopped) return
    this.timer = setTimeout(() => void this.nudge().finally(() => this.schedule()), POLL_MS)
  }

  private async look(): Promise<void> {
    if (this.stopped) return
    try {
      await this.read()
      this.lastSuccess = Date.now()
      if (this.lost) this.events.found()
      this.lost = false
    } catch (error) {
      if (!this.lost && !this.stopped) this.events.lost(error)
      this.lost = true
    }
  }

  private async read(): Promise<void> {
    const heads = await this.heads()
    for (const head of heads) await this.follow(head)
    const alive = new Set(heads.map((head) => head.id))
    for (const held of this.environments.values()) if (!alive.has(held.dbId)) this.drop(held)
  }

  private heads(): Promise<Head[]> {
    return this.db
      .select({
        id: envHeads.environmentId,
        flagSetId: sql<string>`${projects.key} || '/' || ${environments.key}`,
        epoch: envHeads.epoch,
        version: envHeads.version,
        hash: envHeads.hash,
        keysRevision: envHeads.keysRevision,
      })
      .from(envHeads)
      .innerJoin(environments, eq(environments.id, envHeads.environmentId))
      .innerJoin(projects, eq(projects.id, environments.projectId))
      .where(and(isNull(environments.deletedAt)))
      .orderBy(asc(envHeads.environmentId))
  }

  private async follow(head: Head): Promise<void> {
    const held = this.environments.get(head.id)
    if (!held) await this.load(head)
    else if (head.epoch > held.state.epoch || head.version - held.state.version > MAX_REPLAY) {
      held.reset(await stateAt(this.db, head.id, head.epoch, head.version))
      this.events.reset(held)
    } else if (head.epoch === held.state.epoch && head.version > held.state.version) await this.catchUp(held)
    if (this.revisions.get(head.id) !== head.keysRevision) {
      const gone = await this.keys.reload(this.db, head.id)
      this.revisions.set(head.id, head.keysRevision)
      if (gone.length > 0) this.events.revoked(gone)
    }
  }

  private async load(head: Head): Promise<void> {
    const state = await stateAt(this.db, head.id, head.epoch, head.version)
    this.environments.set(head.id, new Environment(head.id, head.flagSetId, state))
  }

  private async catchUp(held: Environment): Promise<void> {
    const { epoch, version } = held.state
    for (const row of await versionsAfter(this.db, held.dbId, epoch, version, MAX_REPLAY)) {
      if (row.version !== held.state.version + 1)
        throw new Error(`version ${configId(row)} does not follow ${held.id}`)
      const { state, patch } = replay(held.state, row)
      this.events.step(held, held.advance(state, patch, row.createdAt.getTime()))
    }
  }

  private drop(environment: Environment): void {
    const { dbId } = environment
    this.environments.delete(dbId)
    this.revisions.delete(dbId)
    this.keys.forget(dbId)
    this.events.removed(environment)
  }
}
