import { and, asc, desc, eq, inArray, lt, ne, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { approvals, type ProposalStatus, proposals } from '@/db/changes'
import type { Db, Tx } from '@/db/client'
import { environments, projects } from '@/db/schema'
import { namesOf } from '../actor-names'
import type { Ctx } from '../context'
import { findEnvironment } from '../environments'
import { notFound } from '../errors'
import type { Environment, Locked } from '../locks'
import { query } from '../operation'
import { page, paging, readCursor } from '../pages'
import { approvalsNeeded } from '../protection'
import { ref } from '../schemas'
import type { Page, ProposalView } from '../views'
import type { Where } from './parts'
import { standingOf } from './standing'

export type Row = typeof proposals.$inferSelect

const PENDING: readonly ProposalStatus[] = ['draft', 'open', 'scheduled', 'held']

/** Still to be decided: only these can be edited, approved, rejected and withdrawn. */
export const isPending = (status: ProposalStatus) => PENDING.includes(status)

/** Whether whoever asks has made this proposal. */
export const isAuthor = ({ author }: Row, { actor }: Ctx) =>
  author.kind === actor.kind && author.id === actor.id

/** A proposal of an environment, locked until the end of the transaction. */
export async function lockedProposal(tx: Tx, locked: Locked, where: Where, id: string): Promise<Row> {
  const environment = locked.environments.find(({ key }) => key === where.environment)
  if (!environment) throw notFound('environment', where.environment, `project "${where.project}"`)
  const [row] = await tx
    .select()
    .from(proposals)
    .where(and(eq(proposals.id, id), eq(proposals.environmentId, environment.id)))
    .for('update')
  if (!row) throw notFound('change', id, `environment "${where.environment}"`)
  return row
}

/** Whether its time has come, by the clock of the database. */
export async function isDue(tx: Tx, row: Row): Promise<boolean> {
  if (row.status !== 'scheduled') return false
  const [{ due } = { due: false }] = await tx
    .select({ due: sql<boolean>`${proposals.at} <= now()` })
    .from(proposals)
    .where(eq(proposals.id, row.id))
  return due
}

/** What people have said about the content as it is. */
export async function verdictsOn(db: Db | Tx, rows: readonly Row[]) {
  if (rows.length === 0) return []
  return db
    .select()
    .from(approvals)
    .where(
      inArray(
        approvals.proposalId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(asc(approvals.at))
}

type Said = {
  said: Awaited<ReturnType<typeof verdictsOn>>
  counts: Awaited<ReturnType<typeof standingOf>>
  named: Awaited<ReturnType<typeof namesOf>>
}

async function saidOf(db: Db | Tx, rows: readonly Row[]): Promise<Said> {
  const said = await verdictsOn(db, rows)
  const named = await namesOf(db, [...rows.map(({ author }) => author), ...said.map(({ actor }) => actor)])
  return { said, counts: await standingOf(db, rows, said), named }
}

function view(row: Row, environment: Environment, { said, counts, named }: Said): ProposalView {
  const { id, author, changes, hash, comment, status, problem, version, published } = row
  return {
    id,
    environment: environment.key,
    author: named(author),
    changes,
    hash,
    comment,
    status,
    at: row.at?.toISOString() ?? null,
    problem,
    version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    needed: approvalsNeeded(environment),
    approvals: said
      .filter((one) => one.proposalId === id && one.hash === hash)
      .map((one) => ({
        actor: named(one.actor),
        verdict: one.verdict,
        comment: one.comment,
        at: one.at.toISOString(),
        counts: counts(one),
      })),
    published,
  }
}

export async function viewOf(db: Db | Tx, row: Row, environment: Environment): Promise<ProposalView> {
  return view(row, environment, await saidOf(db, [row]))
}

export const getProposal = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, environment: ref, proposal: ref }),
  run: async (db, input, ctx): Promise<ProposalView> => {
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const [row] = await db
      .select()
      .from(proposals)
      .where(and(eq(proposals.id, input.proposal), eq(proposals.environmentId, environment.id)))
    if (!row || (row.status === 'draft' && !isAuthor(row, ctx)))
      throw notFound('change', input.proposal, `environment "${input.environment}"`)
    return viewOf(db, row, environment)
  },
  etag: ({ version }) => String(version),
})

const position = z.tuple([z.iso.datetime(), z.string()])

/** Drafts are their author's alone. */
const visibleTo = ({ actor }: Ctx) =>
  or(ne(proposals.status, 'draft'), sql`${proposals.author} ->> 'id' = ${actor.id}`)

/** The changes of a project, newest first: those still to be decided, or all. */
export const listProposals = query({
  permission: 'flag:read',
  input: z.strictObject({
    project: ref,
    environment: ref.optional(),
    pending: z.union([z.boolean(), z.stringbool()]).default(true),
    ...paging,
  }),
  run: async (db, input, ctx): Promise<Page<ProposalView>> => {
    const [project] = await db.select().from(projects).where(eq(projects.key, input.project))
    if (!project) throw notFound('project', input.project)
    if (input.environment !== undefined) await findEnvironment(db, input.project, input.environment)
    const filter = and(
      eq(proposals.projectId, project.id),
      input.environment === undefined ? undefined : eq(environments.key, input.environment),
      input.pending ? inArray(proposals.status, [...PENDING]) : undefined,
      visibleTo(ctx),
    )
    const after = readCursor(input.cursor, position)
    const older =
      after === null
        ? undefined
        : or(
            lt(proposals.createdAt, new Date(after[0])),
            and(eq(proposals.createdAt, new Date(after[0])), lt(proposals.id, after[1])),
          )
    const joined = (what: Parameters<typeof db.select>[0]) =>
      db.select(what!).from(proposals).innerJoin(environments, eq(environments.id, proposals.environmentId))
    const [rows, [counted]] = await Promise.all([
      joined({ row: proposals, environment: environments })
        .where(and(filter, older))
        .orderBy(desc(proposals.createdAt), desc(proposals.id))
        .limit(input.limit + 1) as unknown as Promise<{ row: Row; environment: Environment }[]>,
      joined({ total: sql<number>`count(*)::int` }).where(filter) as unknown as Promise<{ total: number }[]>,
    ])
    const said = await saidOf(
      db,
      rows.map(({ row }) => row),
    )
    return page(
      rows,
      input.limit,
      counted?.total ?? 0,
      ({ row, environment }) => view(row, environment, said),
      ({ row }) => [row.createdAt.toISOString(), row.id],
    )
  },
})
