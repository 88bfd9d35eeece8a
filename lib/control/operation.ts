import type { z } from 'zod'
import { type Db, db } from '@/db/client'
import type { Actor, Ctx } from './context'
import { ControlError, type FieldError, invalid, notFound } from './errors'
import { can, knows, type Permission, type Place } from './roles'
import { unstorable } from './storable'

/** What an operation answers with, before HTTP dresses it. */
export type Answer<R> = {
  result: R
  /** The version for `ETag`, unquoted. */
  etag?: string
  /** Environment key -> config id, for what was published. */
  versions?: Record<string, string>
}

/** Something the API and the pages can call. The HTTP wrapper accepts nothing else. */
export type Operation<I, R> = {
  (ctx: Ctx, input: I): Promise<R>
  answer(ctx: Ctx, input: unknown): Promise<Answer<R>>
  permission: Needed
  /** What it takes: the path, the query or the body, as one. */
  input?: z.ZodType
}

export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => flatten(issue, []))
}

const UNWORDED = 'Invalid input' // what zod says of a union that was given no words of its own

/** Of a failed union, its own words, or else the branch that got furthest: the one the sender meant. */
function flatten(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): FieldError[] {
  const path = [...prefix, ...issue.path]
  if (issue.code !== 'invalid_union' || issue.errors.length === 0 || issue.message !== UNWORDED)
    return [{ path: path.map(String).join('.'), message: issue.message }]
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => flatten(inner, path)))
  const score = (errors: readonly z.core.$ZodIssue[]) =>
    errors.filter((e) => e.code === 'unrecognized_keys').length * 100 +
    errors.filter((e) => e.code === 'invalid_type' && e.path.length === 1).length * 10 +
    errors.length
  const best = issue.errors.reduce((a, b, i) => (score(b) < score(issue.errors[a] ?? b) ? i : a), 0)
  return branches[best] ?? []
}

/** Parses once, at the door. A broken rule names its field. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const text = unstorable(input)
  if (text) throw invalid(text.path, text.message)
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const errors = fieldErrors(parsed.error)
  const summary = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  throw new ControlError('invalid', summary, errors)
}

/** `anyone`: without credentials, too. `signed in`: the operation itself looks at what somebody may see. */
export type Needed = Permission | 'anyone' | 'signed in'

/** Refuses what the actor may not do: 401 without credentials, 404 outside one's projects, 403 inside them. */
export function authorize(actor: Actor, needed: Needed, input: unknown): void {
  if (needed === 'anyone') return
  if (actor.kind === 'anonymous')
    throw new ControlError('unauthenticated', 'sign in, or send `Authorization: Bearer <token>`')
  if (needed === 'signed in') return
  const place = placeOf(input)
  if (can(actor.grants, needed, place)) return
  if (place.project !== null && !knows(actor.grants, place.project)) throw notFound('project', place.project)
  const role = actor.grants.map((grant) => grant.role).join(', ') || 'none'
  throw new ControlError('forbidden', `"${needed}" is needed here; your role: ${role}`)
}

const FRESH_MS = 15 * 60_000
const FRESH_BY_LINK_MS = 12 * 3_600_000 // it is printed on the machine itself: nobody shall run there for each key

/**
 * Asks for a sign-in that is not long ago, of whoever acts by a session: what a stolen cookie could do for ever after,
 * like a new key, takes more than the cookie.
 */
export function assertFresh(actor: Actor): void {
  if (actor.kind === 'anonymous' || !actor.via || !('session' in actor.via)) return
  const { method, authenticatedAt } = actor.via
  const limit = method === 'link' ? FRESH_BY_LINK_MS : FRESH_MS
  if (Date.now() - authenticatedAt <= limit) return
  const extra = { code: 'sign_in_again' }
  throw new ControlError('forbidden', 'this needs a sign-in that is not long ago: sign in again', [], extra)
}

/** The project and environment named by the path; `null`, `null` for the installation. */
function placeOf(input: unknown): Place {
  const { project, environment } = (input ?? {}) as Record<string, unknown>
  const inProject = typeof project === 'string'
  return {
    project: inProject ? project : null,
    environment: inProject && typeof environment === 'string' ? environment : null,
  }
}

/** A read: permission, input, one look at the database. */
export function query<S extends z.ZodType, R>(spec: {
  permission: Needed
  input: S
  run: (db: Db, input: z.output<S>, ctx: Ctx) => Promise<R>
  etag?: (result: R) => string
}): Operation<z.input<S>, R> {
  const answer = async (ctx: Ctx, raw: unknown): Promise<Answer<R>> => {
    authorize(ctx.actor, spec.permission, raw)
    const result = await spec.run(db(), parse(spec.input, raw), ctx)
    return { result, etag: spec.etag?.(result) }
  }
  const call = async (ctx: Ctx, input: z.input<S>) => (await answer(ctx, input)).result
  return Object.assign(call, { answer, permission: spec.permission, input: spec.input })
}

/** What goes to others before anything changes here: permission, input, and work that calls mutations itself. */
export function action<S extends z.ZodType, R>(spec: {
  permission: Needed
  /** Asks for a sign-in that is not long ago. */
  fresh?: boolean
  input: S
  run: (input: z.output<S>, ctx: Ctx) => Promise<R>
}): Operation<z.input<S>, R> {
  const answer = async (ctx: Ctx, raw: unknown): Promise<Answer<R>> => {
    authorize(ctx.actor, spec.permission, raw)
    if (spec.fresh) assertFresh(ctx.actor)
    return { result: await spec.run(parse(spec.input, raw), ctx) }
  }
  const call = async (ctx: Ctx, input: z.input<S>) => (await answer(ctx, input)).result
  return Object.assign(call, { answer, permission: spec.permission, input: spec.input })
}
