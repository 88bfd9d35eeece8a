import type { ActorRef } from '@/db/schema'
import { type Grant, grantOf } from './roles'

/** Who asks. Anonymous callers hold no grants: they reach only operations that say so. */
export type Actor = (ActorRef & { grants: readonly Grant[]; via?: Via }) | Anonymous
export type Anonymous = { kind: 'anonymous'; id: ''; name: 'anonymous'; grants: readonly [] }

export const anonymous: Anonymous = { kind: 'anonymous', id: '', name: 'anonymous', grants: [] }

/** By what somebody is known: a session, signed in at this epoch ms, or a token. */
export type Via =
  | { readonly session: string; readonly method: string; readonly authenticatedAt: number }
  | { readonly token: string }

/** One request, as far as control needs to know it. */
export type Ctx = {
  actor: Actor
  requestId: string
  ip: string | null
  userAgent: string | null
  /** The versions named by If-Match, without quotes, `*` for any; null when the header is absent. */
  ifMatch: readonly string[] | null
  idempotencyKey: string | null
  /** Method and path: what an Idempotency-Key is scoped to. */
  route: string
  /** From when on nobody waits for the answer, in milliseconds of `performance.now()`. */
  deadline: number
}

/** The installation acting on itself: bootstrap, jobs, the command line. */
export const systemContext = (requestId: string): Ctx => ({
  actor: { kind: 'system', id: 'system', name: 'Jackstaff', grants: [grantOf('admin')] },
  requestId,
  ip: null,
  userAgent: null,
  ifMatch: null,
  idempotencyKey: null,
  route: 'system',
  deadline: Number.POSITIVE_INFINITY,
})
