import { sessionCookie } from '@/lib/auth/session'
import type { Operation } from '@/lib/control/operation'
import { refusalOf, type SsoRefusal } from '@/lib/control/sso/refused'
import { env } from '@/lib/env'
import { withQuery } from '@/lib/paths'
import { readForm } from './body'
import { type Params, queryOf, respond, type Style } from './handler'
import { asked } from './problem'

type Arrived = { redirect: string; session: string | null }

/** RFC 9110, 15.4.4: whatever brought the browser here, it goes on with a GET. */
function goTo(path: string, requestId: string, session: string | null = null): Response {
  const headers = new Headers({
    Location: `${env.publicUrl}${path}`,
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
  })
  if (session !== null) headers.set('Set-Cookie', sessionCookie(session))
  return new Response(null, { status: 303, headers })
}

/** A page that says what was wrong by a code, in words of its own. */
function problemPage(error: unknown, requestId: string, connection: unknown): string {
  const known = asked(error, requestId)
  const purpose = known?.extra.purpose
  const problem: SsoRefusal | 'busy' | 'failed' =
    known === null ? 'failed' : (refusalOf(known) ?? (known.kind === 'busy' ? 'busy' : 'refused'))
  const query = { problem, with: typeof connection === 'string' ? connection.slice(0, 40) : undefined }
  if (purpose === 'link') return withQuery('/settings/sessions', query)
  return withQuery('/sign-in', { ...query, again: purpose === 'again' ? 1 : undefined })
}

type Door = {
  /** A page of somebody else's posts a form: the operation itself must know that it may. */
  form?: string
}

/**
 * A way back from an identity provider: the browser itself comes, so it is sent on, to a page or to what was wrong.
 *
 * @example export const GET = arrival(oidcArrived)
 */
export function arrival<I>(operation: Operation<I, Arrived>, { form }: Door = {}) {
  return async (request: Request, { params }: Params): Promise<Response> => {
    const { connection } = await params
    const style: Style<Arrived> = {
      async input(request, named) {
        if (form === undefined) return { ...named, query: queryOf(request) }
        return { ...named, response: (await readForm(request)).get(form) ?? '' }
      },
      fromElsewhere: form !== undefined,
      success: ({ result }, requestId) => goTo(result.redirect, requestId, result.session),
      failure: (error, requestId) => goTo(problemPage(error, requestId, connection), requestId),
    }
    return respond(operation, request, params, style)
  }
}
