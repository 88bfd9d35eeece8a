import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '@/db/client'
import { caughtUp, configId, stateAt, type VersionRow, versionsAfter, versionsSince } from '@/db/config-log'
import { envHeads, environments, projects } from '@/db/schema'
import type { Step } from './backlog'
import { now, toldTime } from './clock'
import { Environment } from './environment'
import type { KeyRing } from './keys'
import type { StateCache } from './state-cache'

const POLL_MS = 250 // the guarantee: a lost notification costs at most this
const MAX_REPLAY = 256 // wider gaps are read as a whole
const STOP_MS = 1_000 // a database that does not answer must not hold up the end
const REPORT_MS = 1_000
const CLAIM_REPORTS = 30 // who mends it may be starting just now; an id that was made up is not told for ever
const STALE_AFTER_MS = 2_000 // one failed poll is noise

export type FeedEvents = {
  /** A version arrived. */
  step(environment: Environment, step: Step): void
  /** The state was replaced as a whole. */
  reset(environment: Environment): void
  /** The database has less than, or other than the version `id` that was published: told every second until it is mended. */
  rewound(environment: Environment, id: string): void
  revoked(keyIds: readonly string[]): void
  removed(environment: Environment): void
  /** An environment cannot be followed, and stays as it is; told once a version. */
  broken(flagSetId: string, error: unknown): void
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
  killedAt: string
  keysRevision: number
  now: number
}

/** Follows every environment's head in Postgres. Polling is the guarantee; `nudge` only makes it faster. */
export class ChangeFeed {
  readonly environments = new Map<number, Environment>()
  private revisions = new Map<number, number>()
  private readonly brokenAt = new Map<number, string>()
  private readonly refills = new WeakMap<Environment, Promise<void>>()
  private readonly reported = new WeakMap<Environment, number>()
  private readonly claims = new Map<Environment, { id: string; left: number }>()
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | null = null
  private following: Promise<void> | null = null
  private stopped = false
  private lastSuccess = 0
  private lost = false

  constructor(
    private readonly db: Db,
    readonly keys: KeyRing,
    private readonly cache: StateCache,
    private readonly events: FeedEvents,
  ) {}

  /** Resolves once every environment is in memory; rejects when the first read fails. */
  async start(): Promise<void> {
    await this.read()
    this.lastSuccess = now()
    this.schedule()
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    this.cache.stop()
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
    return now() - this.lastSuccess > STALE_AFTER_MS ? this.lastSuccess : null
  }

  /**
   * Fills an environment's backlog from the log, once: for clients of a node that has just started. Waits no longer
   * than this.
   */
  async refillWithin(ms: number, environment: Environment): Promise<void> {
    const known = this.refills.get(environment)
    const refill = known ?? this.refill(environment).catch(() => void this.refills.delete(environment))
    this.refills.set(environment, refill)
    await Promise.race([refill, sleep(ms)])
  }

  /** Somebody holds a version that the database has lost: told now, and each second until it is mended. */
  claimLost(environment: Environment, id: string): void {
    if (!this.claims.has(environment)) this.claims.set(environment, { id, left: CLAIM_REPORTS })
    this.tellClaims()
  }

  private tellClaims(): void {
    for (const [environment, claim] of this.claims) {
      if (claim.left === 0 || !environment.lacks(claim.id)) this.claims.delete(environment)
      else if (this.reportRewound(environment, claim.id)) claim.left--
    }
  }

  /** Whether it was told: not where it was a moment ago. */
  private reportRewound(environment: Environment, id: string): boolean {
    const at = performance.now()
    if (at - (this.reported.get(environment) ?? -REPORT_MS) < REPORT_MS) return false
    this.reported.set(environment, at)
    this.events.rewound(environment, id)
    return true
  }

  private schedule(): void {
    if (this.stopped) return
    this.timer = setTimeout(() => void this.nudge().finally(() => this.schedule()), POLL_MS)
  }

  private async look(): Promise<void> {
    if (this.stopped) return
    try {
      await this.read()
      this.lastSuccess = now()
      if (this.lost) this.events.found()
      this.lost = false
    } catch (error) {
      if (!this.lost && !this.stopped) this.events.lost(error)
      this.lost = true
    }
  }

  private async read(): Promise<void> {
    const askedAt = performance.now()
    const heads = await this.heads()
    if (heads[0]) toldTime(heads[0].now, askedAt)
    await this.follow(heads)
    this.tellClaims()
    for (const head of heads) {
      if (this.revisions.get(head.id) === head.keysRevision) continue
      const gone = await this.keys.reload(this.db, head.id)
      this.revisions.set(head.id, head.keysRevision)
      if (gone.length > 0) this.events.revoked(gone)
    }
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
        killedAt: envHeads.killedAt,
        keysRevision: envHeads.keysRevision,
        now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`,
      })
      .from(envHeads)
      .innerJoin(environments, eq(environments.id, envHeads.environmentId))
      .innerJoin(projects, eq(projects.id, environments.projectId))
      .where(and(isNull(environments.deletedAt)))
      .orderBy(asc(envHeads.environmentId))
  }

  private async follow(heads: readonly Head[]): Promise<void> {
    const near: [Head, Environment][] = []
    const far: Head[] = []
    for (const head of heads) {
      const held = this.environments.get(head.id)
      const ahead = held ? head.version - held.head.version : Number.POSITIVE_INFINITY
      if (!held || head.epoch > held.head.epoch || (head.epoch === held.head.epoch && ahead > MAX_REPLAY))
        far.push(head)
      else if (head.epoch < held.head.epoch || ahead < 0 || (ahead === 0 && head.hash !== held.head.hash))
        this.reportRewound(held, held.id)
      else if (ahead > 0) near.push([head, held])
    }
    const from = near.map(([{ id }, { head }]) => ({ environmentId: id, ...head }))
    const missing = await versionsSince(this.db, from)
    const isKill = ([head, held]: [Head, Environment]) => head.killedAt !== held.kills('server').killedAt
    for (const entry of near.sort((a, b) => Number(isKill(b)) - Number(isKill(a))))
      await this.guarded(entry[0], () => this.step(entry[1], missing.get(entry[0].id)!))
    await Promise.all(far.map((head) => this.guarded(head, () => this.replace(head))))
  }

  /** What is wrong with one environment is no matter for the others; what is wrong with the database is. */
  private async guarded(head: Head, run: () => void | Promise<void>): Promise<void> {
    try {
      await run()
      this.brokenAt.delete(head.id)
    } catch (error) {
      if (!(error instanceof UnusableVersion)) throw error
      const id = configId(head)
      if (this.brokenAt.get(head.id) !== id) this.events.broken(head.flagSetId, error)
      this.brokenAt.set(head.id, id)
    }
  }

  private step(held: Environment, rows: readonly VersionRow[]): void {
    for (const row of rows) {
      if (row.version !== held.head.version + 1)
        throw new UnusableVersion(`version ${configId(row)} does not follow ${held.id}`)
      this.events.step(
        held,
        usable(() => held.advance(row)),
      )
    }
    this.cache.keep(held)
  }

  private async replace({ id, flagSetId, ...head }: Head): Promise<void> {
    const kept = await this.cache.read(id, flagSetId, head)
    const state = kept
      ? await caughtUp(this.db, id, kept, head.version)
      : await stateAt(this.db, id, head.epoch, head.version)
    const held = this.environments.get(id)
    if (held) {
      usable(() => held.reset(state))
      this.events.reset(held)
    } else
      this.environments.set(
        id,
        usable(() => new Environment(id, flagSetId, state)),
      )
    this.cache.keep(this.environments.get(id)!)
  }

  private async refill(environment: Environment): Promise<void> {
    const { dbId, flagSetId, head } = environment
    const rows = await versionsAfter(this.db, dbId, head.epoch, head.version - MAX_REPLAY, MAX_REPLAY)
    const [first, ...later] = rows // an epoch may have begun since: nothing leads into its first version
    if (!first) return
    const past = new Environment(dbId, flagSetId, await stateAt(this.db, dbId, head.epoch, first.version))
    for (const row of later) past.advance(row)
    environment.backlog.precede(past.backlog, environment.id)
  }

  private drop(environment: Environment): void {
    const { dbId } = environment
    this.environments.delete(dbId)
    this.revisions.delete(dbId)
    this.claims.delete(environment)
    this.keys.forget(dbId)
    this.events.removed(environment)
  }
}

/** A version that providers could not read: nothing that the database's return would mend. */
class UnusableVersion extends Error {}

function usable<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw new UnusableVersion((error as Error).message, { cause: error })
  }
}
