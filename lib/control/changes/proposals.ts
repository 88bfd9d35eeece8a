import { randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { approvals, type ChangePart, proposals } from '@/db/changes'
import type { Tx } from '@/db/client'
import { namesOf } from '../actor-names'
import { actorRef, keptActor } from '../audit-log'
import type { Ctx } from '../context'
import { ControlError, conflict } from '../errors'
import type { Locked } from '../locks'
import { expectVersion } from '../match'
import { mutation, NO_CHANGE, type Outcome } from '../mutation'
import { authorize } from '../operation'
import { approvalsNeeded } from '../protection'
import { can } from '../roles'
import { instant, ref, text } from '../schemas'
import type { ProposalView } from '../views'
import { assertMayMake, assertWellFormed, hashOf, parts, touchedBy, type Where, withApproval } from './parts'
import { publishRow } from './publish-changes'
import { isAuthor, isDue, isPending, lockedProposal, type Row, viewOf } from './rows'
import { placeOfApproval } from './standing'

const inEnvironment = { project: ref, environment: ref }
const one = { ...inEnvironment, proposal: ref }

const here = ({ project, environment }: Where) => ({ project, environments: [environment] })
const idOf = ({ version }: { version: number }) => String(version)

function assertPending(row: Row): void {
  if (!isPending(row.status)) throw conflict(`this change is ${row.status} already`)
}

async function assertAuthor(tx: Tx, row: Row, ctx: Ctx): Promise<void> {
  if (isAuthor(row, ctx)) return
  const { name } = (await namesOf(tx, [row.author]))(row.author)
  throw new ControlError('forbidden', `this change is by ${name}: only its author edits it`)
}

const future = instant.refine((at) => Date.parse(at) > Date.now(), 'this time is in the past')

const body = {
  changes: parts,
  comment: text.default(''),
}

const plans = z
  .strictObject({
    ...inEnvironment,
    ...body,
    mode: z.enum(['publish', 'draft', 'propose', 'schedule']),
    at: future.optional(),
  })
  .superRefine(({ mode, at }, issue) => {
    if ((mode === 'schedule') === (at !== undefined)) return
    const message = mode === 'schedule' ? 'say when' : 'only what is scheduled has a time: leave it out'
    issue.addIssue({ code: 'custom', path: ['at'], message })
  })

const STATUS = { draft: 'draft', propose: 'open', schedule: 'scheduled' } as const

/** Whoever plans a change for a time must be allowed to publish it, unless others approve it until then. */
function assertMaySchedule(ctx: Ctx, locked: Locked, where: Where, changes: readonly ChangePart[]): void {
  const alone = approvalsNeeded(locked.environments[0]!) === 0
  if (alone) authorize(ctx.actor, 'flag:publish', where)
  assertMayMake(alone ? ctx.actor : withApproval(ctx.actor, changes, where), changes, where)
}

/** Several changes as one: published now, kept as a draft, proposed to others, or planned for a time. */
export const submitChanges = mutation({
  permission: 'flag:write',
  input: plans,
  touches: (input) => (input.mode === 'publish' ? touchedBy(input.changes, input) : here(input)),
  run: async (tx, { mode, at, comment, changes, ...where }, { ctx, locked }) => {
    assertWellFormed(changes, where)
    const id = `chg_${randomBytes(8).toString('hex')}`
    const environment = locked.environments.find(({ key }) => key === where.environment)!
    const time = at === undefined ? null : new Date(at)
    if (mode === 'schedule') assertMaySchedule(ctx, locked, where, changes)
    const [row] = await tx
      .insert(proposals)
      .values({
        id,
        projectId: locked.project.id,
        environmentId: environment.id,
        author: keptActor(actorRef(ctx)),
        changes,
        hash: hashOf(changes, time),
        comment,
        status: mode === 'publish' ? 'open' : STATUS[mode],
        at: time,
      })
      .returning()
    if (mode === 'publish') return publishRow(tx, row!, where, { ctx, locked })
    return {
      result: await viewOf(tx, row!, environment),
      audit: {
        action: mode === 'draft' ? 'proposal.draft' : `proposal.${mode}`,
        target: `proposal:${id}`,
        projectId: locked.project.id,
        environment: where.environment,
        after: { changes, at: at ?? null },
        reason: comment || null,
      },
      publish: [],
    }
  },
  etag: idOf,
})

/** Another content, comment or time. What was approved before is not this: it is asked for again. */
export const editProposal = mutation({
  permission: 'flag:write',
  input: z.strictObject({
    ...one,
    changes: parts.optional(),
    comment: text.optional(),
    at: future.nullable().optional(),
    /** Proposes a draft, or what was held or rejected. */
    propose: z.boolean().default(false),
  }),
  touches: here,
  run: async (tx, { proposal, changes, comment, at, propose, ...where }, { ctx, locked }) => {
    const before = await lockedProposal(tx, locked, where, proposal)
    if (before.status !== 'rejected') assertPending(before)
    await assertAuthor(tx, before, ctx)
    await expectVersion(ctx, 'change', before.version, () => viewOf(tx, before, locked.environments[0]!))
    if (changes) assertWellFormed(changes, where)
    const time = at === undefined ? before.at : at === null ? null : new Date(at)
    if (time) assertMaySchedule(ctx, locked, where, changes ?? before.changes)
    const open = time ? 'scheduled' : 'open'
    const [row] = await tx
      .update(proposals)
      .set({
        ...(changes && { changes }),
        hash: hashOf(changes ?? before.changes, time),
        ...(comment !== undefined && { comment }),
        at: time,
        status: propose || ['open', 'scheduled'].includes(before.status) ? open : before.status,
        problem: propose ? null : before.problem,
        version: before.version + 1,
        updatedAt: sql`now()`,
      })
      .where(eq(proposals.id, proposal))
      .returning()
    return {
      result: await viewOf(tx, row!, locked.environments[0]!),
      audit: {
        action: 'proposal.update',
        target: `proposal:${proposal}`,
        projectId: locked.project.id,
        environment: where.environment,
        before: { changes: before.changes, at: before.at?.toISOString() ?? null },
        after: { changes: row!.changes, at: row!.at?.toISOString() ?? null },
      },
      publish: [],
    }
  },
  etag: idOf,
})

const verdict = z.strictObject({
  ...one,
  hash: z.string().length(64, 'send the hash of what you read'),
  comment: text.default(''),
})

function assertMayApprove(ctx: Ctx, row: Row, where: Where): void {
  if (ctx.actor.kind !== 'user')
    throw new ControlError('forbidden', 'people approve changes: sign in, or use a personal token')
  if (!can(ctx.actor.grants, 'flag:approve', placeOfApproval(row, where)))
    throw new ControlError(
      'forbidden',
      'this changes the whole project: who approves it must be allowed to there',
    )
}

async function judge(
  tx: Tx,
  { proposal, hash, comment, ...where }: z.output<typeof verdict>,
  said: 'approve' | 'reject',
  { ctx, locked }: { ctx: Ctx; locked: Locked },
) {
  const row = await lockedProposal(tx, locked, where, proposal)
  assertPending(row)
  if (row.status === 'draft') throw conflict('this is a draft: its author has not proposed it yet')
  assertMayApprove(ctx, row, where)
  if (isAuthor(row, ctx))
    throw new ControlError('forbidden', 'this change is yours: somebody else decides about it')
  if (hash !== row.hash)
    throw conflict('this change was edited since you read it: look at it again', { hash: row.hash })
  const actor = keptActor(actorRef(ctx))
  const values = { actor, hash, verdict: said, comment, at: sql`now()` }
  await tx
    .insert(approvals)
    .values({ proposalId: proposal, person: actor.id, ...values })
    .onConflictDoUpdate({ target: [approvals.proposalId, approvals.person], set: values })
  const [after] =
    said === 'reject'
      ? await tx
          .update(proposals)
          .set({ status: 'rejected', updatedAt: sql`now()` })
          .where(eq(proposals.id, proposal))
          .returning()
      : [row]
  return {
    result: await viewOf(tx, after!, locked.environments[0]!),
    audit: {
      action: `proposal.${said}`,
      target: `proposal:${proposal}`,
      projectId: locked.project.id,
      environment: where.environment,
      after: { hash },
      reason: comment || null,
    },
    publish: [] as const,
  }
}

/** Approves exactly what was read: the hash says what. */
export const approveProposal = mutation({
  permission: 'flag:approve',
  input: verdict,
  touches: here,
  run: async (tx, input, work) => judge(tx, input, 'approve', work),
  etag: idOf,
})

/** Ends a proposal, until its author proposes it anew. */
export const rejectProposal = mutation({
  permission: 'flag:approve',
  input: verdict,
  touches: here,
  run: async (tx, input, work) => judge(tx, input, 'reject', work),
  etag: idOf,
})

/** Takes a change back. Its author does, or whoever may publish here. */
export const withdrawProposal = mutation({
  permission: 'flag:write',
  input: z.strictObject(one),
  touches: here,
  run: async (tx, { proposal, ...where }, { ctx, locked }) => {
    const row = await lockedProposal(tx, locked, where, proposal)
    assertPending(row)
    if (!isAuthor(row, ctx)) authorize(ctx.actor, 'flag:publish', where)
    await tx
      .update(proposals)
      .set({ status: 'withdrawn', updatedAt: sql`now()` })
      .where(eq(proposals.id, proposal))
    return {
      result: null,
      audit: {
        action: 'proposal.withdraw',
        target: `proposal:${proposal}`,
        projectId: locked.project.id,
        environment: where.environment,
      },
      publish: [],
    }
  },
})

/** Publishes what is approved, or what whoever asks may publish. */
export const publishProposal = mutation({
  permission: 'flag:write',
  input: z.strictObject(one),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, { proposal, ...where }, { ctx, locked }) => {
    const row = await lockedProposal(tx, locked, where, proposal)
    assertPending(row)
    if (row.status === 'scheduled')
      throw conflict(
        `this publishes itself at ${row.at!.toISOString()}: take its time away to publish it now`,
      )
    if (!isAuthor(row, ctx)) authorize(ctx.actor, 'flag:publish', where)
    return publishRow(tx, row, where, { ctx, locked })
  },
  etag: idOf,
})

/** Publishes what is due; does nothing where another node did, or its plan was changed. */
export const publishPlanned = mutation({
  permission: 'flag:write',
  input: z.strictObject(one),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, { proposal, ...where }, { ctx, locked }): Promise<Outcome<ProposalView | null>> => {
    const row = await lockedProposal(tx, locked, where, proposal)
    if (!(await isDue(tx, row))) return { ...NO_CHANGE, result: null }
    return publishRow(tx, row, where, { ctx, locked }, { planned: true })
  },
})

/** Keeps what could not be published at its time, with the reason, until its author decides anew. */
export const holdProposal = mutation({
  permission: 'flag:write',
  input: z.strictObject({ ...one, problem: text }),
  touches: here,
  run: async (tx, { proposal, problem, ...where }, { locked }) => {
    const row = await lockedProposal(tx, locked, where, proposal)
    if (!(await isDue(tx, row))) return { ...NO_CHANGE, result: null }
    await tx
      .update(proposals)
      .set({ status: 'held', problem, version: row.version + 1, updatedAt: sql`now()` })
      .where(eq(proposals.id, proposal))
    return {
      result: null,
      audit: {
        action: 'proposal.held',
        target: `proposal:${proposal}`,
        projectId: locked.project.id,
        environment: where.environment,
        reason: problem,
      },
      publish: [],
    }
  },
})
