import { randomUUID } from 'node:crypto'
import { and, asc, eq, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { projects } from '@/db/schema'
import { savedViews, starredViews } from '@/db/views'
import type { Ctx } from './context'
import { ControlError, conflict, notFound } from './errors'
import { mutation, NO_CHANGE } from './mutation'
import { authorize, query } from './operation'
import { self } from './people/sessions'
import { can, inProject } from './roles'
import { name, ref } from './schemas'
import type { SavedView, SavedViews } from './views'

const MOST_VIEWS = 100 // a project, of one person

/** Views that everybody has. */
const FIRST = 'all'
const given = [FIRST, 'stale', 'mine'] as const

const fields = {
  name,
  /** The query of the list's address: what is searched, ordered and shown. */
  query: z.string().max(1_000, 'at most 1,000 characters'),
  /** Everybody in the project sees it: needs the right to edit flags. */
  shared: z.boolean(),
}

type Row = typeof savedViews.$inferSelect

const viewOf = ({ id, name, query, shared, userId }: Row, me: string | null): SavedView => ({
  id,
  name,
  query,
  shared,
  mine: userId === me,
})

const said = ({ name, query, shared }: Row) => ({ name, query, shared })

async function projectId(tx: Pick<Tx, 'select'>, key: string): Promise<number> {
  const [row] = await tx.select({ id: projects.id }).from(projects).where(eq(projects.key, key))
  if (!row) throw notFound('project', key)
  return row.id
}

export const listViews = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref }),
  run: async (db, input, { actor }): Promise<SavedViews> => {
    const me = actor.kind === 'user' ? actor.id : null
    const project = await projectId(db, input.project)
    const [rows, [starred]] = await Promise.all([
      db
        .select()
        .from(savedViews)
        .where(
          and(
            eq(savedViews.projectId, project),
            or(savedViews.shared, me === null ? undefined : eq(savedViews.userId, me)),
          ),
        )
        .orderBy(asc(sql`lower(${savedViews.name})`), asc(savedViews.id)),
      db
        .select({ view: starredViews.view })
        .from(starredViews)
        .where(and(eq(starredViews.projectId, project), eq(starredViews.userId, me ?? ''))),
    ])
    const items = rows.map((row) => viewOf(row, me))
    const isThere = [...given, ...items.map(({ id }) => id)].includes(starred?.view ?? '')
    return { items, starred: isThere ? starred!.view : FIRST }
  },
})

/** Locked, and only what somebody may change: their own, or, with the right to change the project, what is shared. */
async function changeable(tx: Tx, input: { project: string; view: string }, ctx: Ctx): Promise<Row> {
  const me = self(ctx)
  const project = await projectId(tx, input.project)
  const [row] = await tx
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.projectId, project), eq(savedViews.id, input.view)))
    .for('update')
  if (!row || (row.userId !== me && !row.shared))
    throw notFound('view', input.view, `project "${input.project}"`)
  if (row.userId !== me && !can(ctx.actor.grants, 'project:write', inProject(input.project)))
    throw new ControlError('forbidden', `"${row.name}" was made by somebody else: save a copy of your own`)
  return row
}

/** A person's names are told apart, ignoring case. */
const orTaken = <T>(name: string, row: T | undefined): T => {
  if (!row) throw conflict(`you have a view "${name}" already: choose another name, or change that one`)
  return row
}

export const createView = mutation({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, ...fields, shared: fields.shared.default(false) }),
  touches: () => null,
  run: async (tx, { project: key, ...values }, { ctx }) => {
    const userId = self(ctx)
    if (values.shared) authorize(ctx.actor, 'flag:write', { project: key })
    const project = await projectId(tx, key)
    const [{ count } = { count: 0 }] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(savedViews)
      .where(and(eq(savedViews.projectId, project), eq(savedViews.userId, userId)))
    if (count >= MOST_VIEWS)
      throw new ControlError('too_large', `you have ${MOST_VIEWS} views here: delete one first`)
    const [made] = await tx
      .insert(savedViews)
      .values({ id: randomUUID(), projectId: project, userId, ...values })
      .onConflictDoNothing()
      .returning()
    const row = orTaken(values.name, made)
    return {
      result: viewOf(row, userId),
      audit: { action: 'view.create', target: `view:${row.id}`, projectId: project, after: said(row) },
      publish: [],
    }
  },
})

/** Undefined keeps. */
export const updateView = mutation({
  permission: 'flag:read',
  input: z.strictObject({
    project: ref,
    view: ref,
    name: fields.name.optional(),
    query: fields.query.optional(),
    shared: fields.shared.optional(),
  }),
  touches: () => null,
  run: async (tx, { project, view, ...changes }, { ctx }) => {
    const before = await changeable(tx, { project, view }, ctx)
    if (before.shared || changes.shared) authorize(ctx.actor, 'flag:write', { project })
    const wanted = { ...said(before), ...changes }
    const [twin] = await tx
      .select({ id: savedViews.id })
      .from(savedViews)
      .where(
        and(
          eq(savedViews.projectId, before.projectId),
          eq(savedViews.userId, before.userId),
          sql`lower(${savedViews.name}) = lower(${wanted.name})`,
          sql`${savedViews.id} <> ${before.id}`,
        ),
      )
    orTaken(wanted.name, twin ? undefined : before)
    const [row] = await tx.update(savedViews).set(wanted).where(eq(savedViews.id, view)).returning()
    return {
      result: viewOf(row!, self(ctx)),
      audit: {
        action: 'view.update',
        target: `view:${view}`,
        projectId: before.projectId,
        before: said(before),
        after: wanted,
      },
      publish: [],
    }
  },
})

export const deleteView = mutation({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, view: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    const row = await changeable(tx, input, ctx)
    await tx.delete(savedViews).where(eq(savedViews.id, row.id))
    return {
      result: null,
      audit: { action: 'view.delete', target: `view:${row.id}`, projectId: row.projectId, before: said(row) },
      publish: [],
    }
  },
})

/** With what the list begins for who asks: one of the views that everybody has, or a saved one. */
export const starView = mutation({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, view: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    const userId = self(ctx)
    const project = await projectId(tx, input.project)
    const known = (given as readonly string[]).includes(input.view)
    const visible = and(
      eq(savedViews.projectId, project),
      eq(savedViews.id, input.view),
      or(savedViews.shared, eq(savedViews.userId, userId)),
    )
    if (!known && (await tx.select({ id: savedViews.id }).from(savedViews).where(visible)).length === 0)
      throw notFound('view', input.view, `project "${input.project}"`)
    const mine = and(eq(starredViews.projectId, project), eq(starredViews.userId, userId))
    const [earlier] = await tx.select().from(starredViews).where(mine).for('update')
    const result = { starred: input.view }
    if ((earlier?.view ?? FIRST) === input.view) return { ...NO_CHANGE, result }
    await tx
      .insert(starredViews)
      .values({ projectId: project, userId, view: input.view })
      .onConflictDoUpdate({
        target: [starredViews.projectId, starredViews.userId],
        set: { view: input.view },
      })
    return {
      result,
      audit: {
        action: 'view.star',
        target: `view:${input.view}`,
        projectId: project,
        before: { starred: earlier?.view ?? FIRST },
        after: result,
      },
      publish: [],
    }
  },
})
