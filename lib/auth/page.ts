import { redirect } from 'next/navigation'
import type { Ctx } from '@/lib/control/context'
import { actorOf } from './actor'

/** Who looks at a page; sends strangers to sign in. Pages only read, so nothing else of a request matters. */
export async function pageContext(): Promise<Ctx> {
  const actor = await actorOf(null)
  if (actor.kind === 'anonymous') redirect('/sign-in')
  const deadline = Number.POSITIVE_INFINITY
  return {
    actor,
    requestId: 'page',
    ip: null,
    userAgent: null,
    ifMatch: null,
    idempotencyKey: null,
    route: 'page',
    deadline,
  }
}
