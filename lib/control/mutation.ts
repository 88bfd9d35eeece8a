import { z } from 'zod'
import { db, type Tx } from '@/db/client'
import { configId } from '@/db/config-log'
import { metrics } from '@/lib/metrics/metrics'
import { loadRegex } from '@/lib/regex'
import { traced } from '@/lib/tracing'
import { announce } from './announce'
import { type AuditEntry, type NewVersion, recordAudit } from './audit-log'
import type { Ctx } from './context'
import { databaseErrorCode } from './database-error'
import { ControlError, invalid } from './errors'
import { once } from './idempotency'
import { type Locked, lock, type Selector } from './locks'
import { type Answer, assertFresh, authorize, type Needed, type Operation, parse } from './operation'
import type { Permit } from './protection'
import { type Publication, publish } from './publish'
import { ref } from './schemas'
import { queueDeliveries } from './webhook-events'

/** Environment key -> config id. */
export type Published = Record<string, string>

/** What every change owes: its audit entry and what to publish. Only what changed nothing owes nothing. */
export type Change =
  | { audit: AuditEntry; publish: readonly Publication[] }
  | { audit: null; publish: readonly [] }

export const NO_CHANGE = { audit: null, publish: [] } as const satisfies Change

/** A result that must name the version it made is a function of what was published. */
export type Outcome<R> = Change & {
  result: R | ((published: Published) => Promise<R>)
  /** What lets it into protected environments, besides that they were named. */
  permit?: Omit<Permit, 'confirmed'>
}

type Run<I, R> = (tx: Tx, input: I, work: { ctx: Ctx; locked: Locked }) => Promise<Outcome<R>>

/** A change as others may make it part of theirs. */
export type Mutation<I, R> = Operation<I, R> & {
  part: {
    input: z.ZodType
    // biome-ignore lint/suspicious/noExplicitAny: what `input` gives
    run: Run<any, R>
  }
}

const RETRIED = new Set(['40001', '40P01']) // serialization failure, deadlock: safe to run again
const ATTEMPTS = 3

/**
 * A change: authorize -> parse -> transaction { lock -> run -> compile -> version, audit, notify }.
 *
 * @example
 * const renameFlag = mutation({
 *   permission: 'flag:write',
 *   input: z.strictObject({ project: ref, flag: ref, name }),
 *   touches: ({ project }) => ({ project, environments: 'all' }),
 *   run: async (tx, input, work) => ({ result, audit, publish: [] }),
 * })
 */
export function mutation<S extends z.ZodType, R>(spec: {
  permission: Needed
  input: S
  /** Locked in ascending order before anything is read; null: publishes nothing and locks nothing. */
  touches: (input: z.output<S>) => Selector | null
  lane?: 'edit' | 'kill'
  /** Asks for a sign-in that is not long ago. */
  fresh?: boolean
  /** Protected environments let it in: a kill, or what changes nothing for anyone. */
  unguarded?: boolean
  run: Run<z.output<S>, R>
  etag?: (result: R) => string
}): Mutation<z.input<S>, R> {
  const lane = spec.lane ?? 'edit'

  const attempt = (ctx: Ctx, raw: unknown, input: z.output<S>, confirmed: readonly string[]) =>
    db(lane).transaction(async (tx) => {
      if (performance.now() > ctx.deadline) throw new ControlError('busy', 'it waited too long for its turn')
      const owed: { entry: AuditEntry; versions: readonly NewVersion[] }[] = []
      const answered = await once(tx, ctx, raw, async (): Promise<Answer<R>> => {
        const selector = spec.touches(input)
        if (!selector && confirmed.length > 0)
          throw invalid('confirm', 'this publishes nothing: leave it out')
        const locked = selector ? await lock(tx, selector, lane) : nothingLocked()
        const outcome = await spec.run(tx, input, { ctx, locked })
        const permit = spec.unguarded ? null : { approvals: 0, ...outcome.permit, confirmed }
        const published = await traced('publish', { lane }, async (span) => {
          const versions = await publish(tx, locked, outcome.publish, permit)
          span.setAttribute('jackstaff.versions', Object.entries(idsOf(versions)).map(said))
          return versions
        })
        if (outcome.audit) owed.push({ entry: outcome.audit, versions: [...published.values()] })
        const versions = idsOf(published)
        const { result } = outcome
        const settled = isDeferred(result) ? await result(versions) : result
        return { result: settled, versions, etag: spec.etag?.(settled) }
      })
      for (const { entry, versions } of owed)
        await recordAudit(tx, ctx, entry, versions, (id) => queueDeliveries(tx, id, entry))
      return answered
    })

  const answer = async (ctx: Ctx, raw: unknown): Promise<Answer<R>> => {
    authorize(ctx.actor, spec.permission, raw)
    if (spec.fresh) assertFresh(ctx.actor)
    if (lane === 'edit') await loadRegex() // conditions are checked by it; a kill has none, and waits for nothing
    const { confirmed, rest } = takeConfirm(raw)
    const input = parse(spec.input, rest)
    for (let left = ATTEMPTS; ; left--) {
      try {
        const answered = await attempt(ctx, raw, input, confirmed)
        announce()
        return answered
      } catch (error) {
        const code = databaseErrorCode(error)
        if (code === '55P03')
          throw new ControlError(
            'busy',
            'other changes to this environment are in the way: try again shortly',
          )
        if (left <= 1 || !RETRIED.has(code ?? '')) throw error
      }
    }
  }
  const measured = async (ctx: Ctx, raw: unknown): Promise<Answer<R>> => {
    const began = performance.now()
    const told = (outcome: string) =>
      metrics().mutations.observe({ lane, outcome }, (performance.now() - began) / 1_000)
    try {
      const answered = await traced('mutation', { lane, 'jackstaff.request_id': ctx.requestId }, () =>
        answer(ctx, raw),
      )
      told('ok')
      return answered
    } catch (error) {
      told(error instanceof ControlError ? error.kind : 'failed')
      throw error
    }
  }
  const call = async (ctx: Ctx, input: z.input<S>) => (await measured(ctx, input)).result
  const part = { input: spec.input, run: spec.run }
  return Object.assign(call, { answer: measured, permission: spec.permission, input: spec.input, part })
}

const confirm = z.union([ref, z.array(ref).max(50)]).transform((named) => [named].flat())

/** Any change may name the protected environments that it is meant for. */
function takeConfirm(raw: unknown): { confirmed: readonly string[]; rest: unknown } {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, 'confirm'))
    return { confirmed: [], rest: raw }
  const { confirm: given, ...rest } = raw as Record<string, unknown>
  const read = confirm.safeParse(given)
  if (!read.success) throw invalid('confirm', 'name the environment, or a list of environments')
  return { confirmed: read.data, rest }
}

/** For changes that publish nothing, or that create what they publish to. */
const nothingLocked = () => ({ environments: [], heads: [], headsAreLocked: false }) as unknown as Locked

const idsOf = (published: ReadonlyMap<string, NewVersion>): Published =>
  Object.fromEntries([...published].map(([environment, version]) => [environment, configId(version)]))

const said = ([environment, id]: [string, string]) => `${environment}=${id}`

function isDeferred<R>(result: R | ((p: Published) => Promise<R>)): result is (p: Published) => Promise<R> {
  return typeof result === 'function'
}
