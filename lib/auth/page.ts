import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { Ctx } from '@/lib/control/context'
import { paths } from '@/lib/paths'
import { actorOf } from './actor'
import { HOME, nextPath } from './next-path'

/** The page that was asked for, as `server.ts` says it, without what Next adds for its own requests. */
async function askedFor(): Promise<string | undefined> {
  const asked = (await headers()).get('x-jackstaff-path')?.replace(/([?&])_rsc=[^&]*&?/, '$1')
  const path = nextPath(asked?.replace(/[?&]$/, ''))
  return path === null || path === HOME || path === '/' ? undefined : path
}

/** Who looks at a page, which may be nobody that is known. Pages only read, so nothing else of a request matters. */
export async function visitorContext(): Promise<Ctx> {
  return {
    actor: await actorOf(null),
    requestId: 'page',
    ip: null,
    userAgent: null,
    ifMatch: null,
    idempotencyKey: null,
    route: 'page',
    deadline: Number.POSITIVE_INFINITY,
  }
}

/** Who looks at a page; sends strangers to sign in, and back afterwards. */
export async function pageContext(): Promise<Ctx> {
  const ctx = await visitorContext()
  if (ctx.actor.kind === 'anonymous') redirect(paths.signIn({ next: await askedFor() }))
  return ctx
}
