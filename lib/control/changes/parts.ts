import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ChangePart } from '@/db/changes'
import type { Tx } from '@/db/client'
import { setAttributes } from '../attributes'
import type { Actor, Ctx } from '../context'
import { ControlError, invalid } from '../errors'
import { archiveFlag, restoreFlag, updateFlag } from '../flags'
import { restoreKilled } from '../kill'
import { type Locked, lockHeads } from '../locks'
import type { Mutation } from '../mutation'
import { authorize, parse } from '../operation'
import type { Publication } from '../publish'
import { jsonValue } from '../schemas'
import { putSegment } from '../segments'
import { putTargeting } from '../targeting'

type Known = {
  // biome-ignore lint/suspicious/noExplicitAny: each has an input and a result of its own
  operation: Mutation<any, any>
  /** It is about one environment, not about the project. */
  inEnvironment: boolean
}

/** The operations that a change may consist of. */
const known: Readonly<Record<string, Known>> = {
  targeting: { operation: putTargeting, inEnvironment: true },
  lift: { operation: restoreKilled, inEnvironment: true },
  flag: { operation: updateFlag, inEnvironment: false },
  archive: { operation: archiveFlag, inEnvironment: false },
  restore: { operation: restoreFlag, inEnvironment: false },
  segment: { operation: putSegment, inEnvironment: false },
  attributes: { operation: setAttributes, inEnvironment: false },
}

const MOST = 50

const part = z
  .strictObject({
    op: z.enum(Object.keys(known) as [string, ...string[]]),
    ifMatch: z
      .string()
      .min(1)
      .max(100)
      .refine((version) => version !== '*', 'name the version that it was made from')
      .optional(),
    input: z.record(z.string().max(100), jsonValue),
  })
  .meta({ title: 'ChangePartInput' })

export const parts = z
  .array(part)
  .min(1, 'name at least one change')
  .max(MOST, `at most ${MOST} changes at once`) as unknown as z.ZodType<ChangePart[]>

/** The place in which changes are made. */
export type Where = { project: string; environment: string }

/** What people approve: the changes, and when they are made. */
export const hashOf = (changes: readonly ChangePart[], at: Date | null): string =>
  createHash('sha256')
    .update(JSON.stringify([changes, at?.toISOString() ?? null]))
    .digest('hex')

/** What has to be locked to publish changes. */
export function touchedBy(changes: readonly ChangePart[], { project, environment }: Where) {
  const all = changes.some(({ op }) => !known[op]!.inEnvironment)
  return { project, environments: all ? ('all' as const) : [environment] }
}

const full = ({ op, input }: ChangePart, { project, environment }: Where) =>
  known[op]!.inEnvironment ? { ...input, project, environment } : { ...input, project }

const thing = ({ op, input }: ChangePart) => `${op} ${input.flag ?? input.segment ?? ''}`.trim()

/** Checks the form of changes: what they say is checked against the state of things when they are published. */
export function assertWellFormed(changes: readonly ChangePart[], where: Where): void {
  const seen = new Set<string>()
  for (const [i, change] of changes.entries()) {
    inPart(i, () => parse(known[change.op]!.operation.part.input, full(change, where)))
    if (seen.has(thing(change))) throw invalid(`changes.${i}`, `there are two changes of ${thing(change)}`)
    seen.add(thing(change))
  }
}

/** Refuses what somebody may not do themselves: what is planned is done later, with all that its author may do then. */
export function assertMayMake(actor: Actor, changes: readonly ChangePart[], where: Where): void {
  for (const [i, change] of changes.entries())
    inPart(i, () => authorize(actor, known[change.op]!.operation.permission, full(change, where)))
}

/** What approvals add to what somebody may do: to publish just this. */
export function withApproval(actor: Actor, changes: readonly ChangePart[], where: Where): Actor {
  if (actor.kind === 'anonymous') return actor
  const wide = touchedBy(changes, where).environments === 'all'
  const environment = wide ? null : where.environment
  const grant = {
    role: 'approved',
    permissions: ['flag:publish'],
    project: where.project,
    environment,
  } as const
  return { ...actor, grants: [...actor.grants, grant] }
}

/** Says which of the changes a problem is about. */
function inPart<T>(index: number, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw error instanceof ControlError ? placed(error, index) : error
  }
}

function placed(error: ControlError, index: number): ControlError {
  const errors = error.errors.map(({ path, message }) => ({
    path: `changes.${index}.input.${path}`,
    message,
  }))
  return new ControlError(error.kind, error.message, errors, { ...error.extra, change: index })
}

/** Several publications of one environment are one version. */
function merged(publications: readonly Publication[]): Publication[] {
  const byEnvironment = new Map<number, Publication>()
  for (const next of publications) {
    const before = byEnvironment.get(next.environmentId)
    const flags = [...(before?.flags ?? []), ...(next.flags ?? [])]
    // Each lifts a kill of the same list: what none has lifted stays.
    const killed =
      next.killed && before?.killed ? next.killed.filter((key) => before.killed!.includes(key)) : undefined
    byEnvironment.set(next.environmentId, { ...before, ...next, flags, ...(killed && { killed }) })
  }
  return [...byEnvironment.values()]
}

/** A list of kills is lifted from as it is: no kill may come in between. */
async function holdHeads(tx: Tx, locked: Locked): Promise<void> {
  locked.heads = await lockHeads(
    tx,
    locked.environments.map(({ id }) => id),
  )
  locked.headsAreLocked = true
}

/** What an operation about one environment expects to be locked. */
function narrowed(locked: Locked, environment: string): Locked {
  const environments = locked.environments.filter(({ key }) => key === environment)
  const heads = locked.heads.filter(({ environmentId }) => environmentId === environments[0]!.id)
  return { ...locked, environments, heads }
}

/** Makes changes, in their order, each as its own operation would. All or none: the transaction is the caller's. */
export async function makeChanges(
  tx: Tx,
  changes: readonly ChangePart[],
  { ctx, locked, where }: { ctx: Ctx; locked: Locked; where: Where },
) {
  const publications: Publication[] = []
  const entries: { target: string; before: unknown; after: unknown; action: string }[] = []
  if (changes.some(({ op }) => op === 'lift')) await holdHeads(tx, locked)
  for (const [index, change] of changes.entries()) {
    const { operation, inEnvironment } = known[change.op]!
    const input = full(change, where)
    try {
      authorize(ctx.actor, operation.permission, input)
      const ifMatch = change.ifMatch === undefined ? null : [change.ifMatch]
      const outcome = await operation.part.run(tx, parse(operation.part.input, input), {
        ctx: { ...ctx, ifMatch },
        locked: inEnvironment ? narrowed(locked, where.environment) : locked,
      })
      if (!outcome.audit) continue
      const { target, before = null, after = null, action } = outcome.audit
      publications.push(...outcome.publish)
      entries.push({ target, before, after, action })
    } catch (error) {
      throw error instanceof ControlError ? placed(error, index) : error
    }
  }
  return { publish: merged(publications), entries }
}
