import type { z } from 'zod'
import { db, type Tx } from '@/db/client'
import { loadRegex } from '@/lib/regex'
import { announce } from './announce'
import { type AuditEntry, recordAudit } from './audit-log'
import type { Ctx } from './context'
import { databaseErrorCode } from './database-error'
import { ControlError } from './errors'
import { once } from './idempotency'
import { type Locked, lock, type Selector } from './locks'
import { type Answer, assertFresh, authorize, type Needed, type Operation, parse } from './operation'
import { type Publication, publish } from './publish'
import { together } from './together'
import { queueDeliveries } from './webhook-events'

/** Environment key -> config id. */
export type Published = Record<string, string>

/** What every change owes: its audit entry and what to publish. Only what changed nothing owes nothing. */
export type Change = Audited | { audit: null; publish: readonly [] }

type Audited = { audit: AuditEntry; publish: readonly Publication[] }

export const NO_CHANGE = { audit: null, publish: [] } as const satisfies Change

/** A result that must name the version it made is a function of what was published. */
export type Outcome<R> = Change & { result: R | ((published: Published) => Promise<R>) }

const RETRIED = new Set(['40001', '40P01']) // serialization failure, deadlock: safe to run again
const ATTEMPTS = 3

/**
 * A change: authorize -> parse -> transaction { lock -> run -> compile -> version -> audit -> notify }.
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
  run: (tx: Tx, input: z.output<S>, work: { ctx: Ctx; locked: Locked }) => Promise<Outcome<R>>
  etag?: (result: R) => string
}): Operation<z.input<S>, R> {
  const lane = spec.lane ?? 'edit'

  const attempt = (ctx: Ctx, raw: unknown, input: z.output<S>) =>
    db(lane).transaction(async (tx) => {
      if (performance.now() > ctx.deadline) throw new ControlError('busy', 'it waited too long for its turn')
      return once(tx, ctx, raw, async (): Promise<Answer<R>> => {
        const selector = spec.touches(input)
        const locked = selector ? await lock(tx, selector, lane) : nothingLocked()
        const outcome = await spec.run(tx, input, { ctx, locked })
        const versions = outcome.audit ? await commit(tx, ctx, locked, outcome) : {}
        const { result } = outcome
        const settled = isDeferred(result) ? await result(versions) : result
        return { result: settled, versions, etag: spec.etag?.(settled) }
      })
    })

  const answer = async (ctx: Ctx, raw: unknown): Promise<Answer<R>> => {
    authorize(ctx.actor, spec.permission, raw)
    if (spec.fresh) assertFresh(ctx.actor)
    if (lane === 'edit') await loadRegex() // conditions are checked by it; a kill has none, and waits for nothing
    const input = parse(spec.input, raw)
    for (let left = ATTEMPTS; ; left--) {
      try {
        const answered = await attempt(ctx, raw, input)
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
  const call = async (ctx: Ctx, input: z.input<S>) => (await answer(ctx, input)).result
  return Object.assign(call, { answer, permission: spec.permission })
}

/** The entry, what it publishes and what webhooks shall hear of it: none is ever there without the others. */
async function commit(
  tx: Tx,
  ctx: Ctx,
  locked: Locked,
  { audit, publish: due }: Audited,
): Promise<Published> {
  const recorded = recordAudit(tx, ctx, audit)
  const queued = recorded.then((id) => queueDeliveries(tx, id, audit))
  const [versions] = await together<unknown>([publish(tx, locked, due, recorded), queued])
  return versions as Published
}

/** For changes that publish nothing, or that create what they publish to. */
const nothingLocked = () => ({ environments: [], heads: [], headsAreLocked: false }) as unknown as Locked

function isDeferred<R>(result: R | ((p: Published) => Promise<R>)): result is (p: Published) => Promise<R> {
  return typeof result === 'function'
}
