import { randomUUID } from 'node:crypto'
import { cookies } from 'next/headers'
import { actorOf } from '@/lib/auth/actor'
import { sessionCookie, sessionCookieName } from '@/lib/auth/session'
import { browserCookie } from '@/lib/auth/sso/attempts'
import type { Ctx } from '@/lib/control/context'
import { ControlError, invalid } from '@/lib/control/errors'
import type { Answer, Operation } from '@/lib/control/operation'
import { recordRefusal } from '@/lib/control/refusals'
import { env } from '@/lib/env'
import { readBody } from './body'
import { readIfMatch } from './if-match'
import { inTime, LONGEST_WAIT_MS } from './in-time'
import { lineStream } from './line-stream'
import { problem } from './problem'
import {
  type ApiLimit,
  rateLimitHeaders,
  type Taken,
  takeFromAddress,
  takeFromCredential,
} from './rate-limit'
import { throttled } from './sign-in-throttle'

type Named = Record<string, unknown>
export type Params = { params: Promise<Named> }

type Dress<R> = {
  /** Status of a success that has a body. */
  status?: 200 | 201
  /** The result holds a session: it goes into a cookie, and out of the body. */
  session?: (result: R) => string | null
  /** The result ties a log-in to this browser: by a cookie, too. */
  browser?: (result: R) => string
  /** The browser forgets what it kept of us, but for cookies. */
  forgets?: true
  /** The operation is about the session that asks: its token becomes the input `session`. */
  ownSession?: boolean
  /** Answers instead where `Accept` names JSON lines: a long answer, made while it is read. */
  lines?: Operation<never, AsyncIterable<string>>
  /** The budget that it takes from; by default that of reads or of writes. */
  limit?: ApiLimit
  /** The field that names the account it is about, which has a share of that budget. */
  account?: string
}

const LINES = 'application/x-ndjson'
const MOST_STREAMS = 2 // at once: each keeps a place of the lane of reads as long as its reader takes
let streams = 0

async function streamed(work: () => Promise<Answer<AsyncIterable<string>>>, requestId: string) {
  if (streams >= MOST_STREAMS)
    throw new ControlError('busy', `${MOST_STREAMS} exports are under way: try again when one has ended`)
  streams++
  const done = () => {
    streams--
  }
  try {
    const { result } = await work()
    const headers = { 'Content-Type': LINES, 'Cache-Control': 'no-store', 'X-Request-Id': requestId }
    return new Response(lineStream(result[Symbol.asyncIterator](), done), { headers })
  } catch (error) {
    done()
    throw error
  }
}

export const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** A cookie proves nothing about who wrote the page that sent it: unsafe methods must come from our own origin. */
function assertSameOrigin(request: Request): void {
  if (!UNSAFE.has(request.method) || request.headers.has('authorization')) return
  const site = request.headers.get('sec-fetch-site')
  if (site === 'same-origin') return
  const origin = request.headers.get('origin')
  if (site === null && origin !== null && origin === new URL(env.publicUrl).origin) return
  if (site === null && origin === null && !request.headers.has('cookie')) return
  throw new ControlError(
    'forbidden',
    `this request did not come from ${env.publicUrl}: use a token for automation`,
  )
}

/** From where a request came; `server.ts` says it. */
const addressOf = (request: Request) => request.headers.get('x-jackstaff-client') ?? ''

async function contextOf(request: Request, requestId: string): Promise<Omit<Ctx, 'deadline'>> {
  const idempotencyKey = request.headers.get('idempotency-key')
  if (idempotencyKey !== null && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
    throw new ControlError('malformed', 'Idempotency-Key: 1 to 255 visible ASCII characters')
  return {
    actor: await actorOf(request.headers.get('authorization')),
    requestId,
    ip: addressOf(request) || null,
    userAgent: request.headers.get('user-agent'),
    ifMatch: readIfMatch(request.headers.get('if-match')),
    idempotencyKey,
    route: `${request.method} ${new URL(request.url).pathname}`,
  }
}

export function queryOf(request: Request): Record<string, string> {
  const { searchParams } = new URL(request.url)
  const query = Object.fromEntries(searchParams)
  if (Object.keys(query).length < searchParams.size)
    throw new ControlError('malformed', 'the query string names a parameter twice')
  return query
}

/** When the request came, before it waited for its turn; `server.ts` says it. In milliseconds of `performance.now()`. */
const arrivalOf = (request: Request) =>
  Number(request.headers.get('x-jackstaff-arrived') ?? performance.now())

/** The query of a read or the body of anything else, with what the address names: one flat input, no name twice. */
async function inputOf(request: Request, named: Named): Promise<Record<string, unknown>> {
  const query = queryOf(request)
  const unsafe = UNSAFE.has(request.method)
  if (unsafe && Object.keys(query).length > 0)
    throw new ControlError('malformed', 'this request takes its fields in the body: leave the query out')
  const given = unsafe ? await readBody(request) : query
  const twice = Object.keys(named).find((name) => Object.hasOwn(given, name))
  if (twice !== undefined) throw invalid(twice, 'the address says this already: leave it out')
  return { ...given, ...named }
}

function dressed<R>(answer: Answer<R>, requestId: string, dress: Dress<R>): Response {
  const headers = new Headers({ 'Cache-Control': 'no-store', 'X-Request-Id': requestId })
  if (answer.etag !== undefined) headers.set('ETag', `"${answer.etag}"`)
  const versions = Object.entries(answer.versions ?? {})
  if (versions.length > 0)
    headers.set('X-Jackstaff-Version', versions.map(([environment, id]) => `${environment}=${id}`).join(', '))
  if (answer.result === null) return new Response(null, { status: 204, headers })
  if (dress.forgets) headers.set('Clear-Site-Data', '"cache", "storage"')
  if (dress.session) headers.append('Set-Cookie', sessionCookie(dress.session(answer.result)))
  if (dress.browser) headers.append('Set-Cookie', browserCookie(dress.browser(answer.result)))
  const { session: _, browser: __, ...body } = { session: null, browser: null, ...answer.result }
  const hides = dress.session ?? dress.browser
  return Response.json(hides ? body : answer.result, { status: dress.status ?? 200, headers })
}

/** What a request asks of an operation, and how its answer and its failure look. */
export type Style<R> = {
  input: (request: Request, named: Named) => Promise<Named>
  success: (answer: Answer<R>, requestId: string) => Response
  failure: (error: unknown, requestId: string) => Response
  /** Pages of others may send this: a form that proves itself. */
  fromElsewhere?: boolean
  /** Another form of the answer, where the request asks for it. */
  lines?: Operation<never, AsyncIterable<string>>
} & Pick<Dress<R>, 'limit' | 'account'>

/** As text, where the input names one. */
function accountOf<R>({ account }: Style<R>, input: Named): string | null {
  const named = account === undefined ? undefined : input[account]
  return typeof named === 'string' ? named : null
}

/** One request to one operation: budgets, credentials, origin, conditional and idempotency headers, and a time limit. */
export async function respond<I, R>(
  operation: Operation<I, R>,
  request: Request,
  params: Params['params'],
  style: Style<R>,
): Promise<Response> {
  const requestId = randomUUID()
  const taken: Taken[] = []
  const response = await answered(operation, request, { params, style, requestId, taken })
  for (const [name, value] of Object.entries(rateLimitHeaders(taken))) response.headers.set(name, value)
  return response
}

type Work<R> = { params: Params['params']; style: Style<R>; requestId: string; taken: Taken[] }

async function answered<I, R>(
  operation: Operation<I, R>,
  request: Request,
  { params, style, requestId, taken }: Work<R>,
): Promise<Response> {
  const limit = style.limit ?? (UNSAFE.has(request.method) ? 'writes' : 'reads')
  const address = addressOf(request)
  let ctx: Ctx | undefined
  try {
    if (!style.fromElsewhere) assertSameOrigin(request)
    const patience = arrivalOf(request) + LONGEST_WAIT_MS
    await takeFromAddress(limit, address, taken)
    const asked = await inTime(patience, contextOf(request, requestId))
    const left = patience - performance.now()
    const input = await style.input(request, { ...(await params) }) // undefined, where an address names nothing
    const known = { ...asked, deadline: performance.now() + left } // the body came at the sender's pace
    ctx = known
    const account = accountOf(style, input)
    await takeFromCredential(limit, { actor: known.actor, address, account }, taken)
    const { lines } = style
    if (lines && request.headers.get('accept')?.includes(LINES))
      return await streamed(() => inTime(known.deadline, lines.answer(known, input)), requestId)
    const answer = () => inTime(known.deadline, operation.answer(known, input))
    const result = limit === 'sign-in' ? throttled({ address, account }, answer) : answer()
    return style.success(await result, requestId)
  } catch (error) {
    if (ctx && error instanceof ControlError) await recordRefusal(ctx, error, operation.permission)
    return style.failure(error, requestId)
  }
}

/**
 * The only way an operation of the API meets HTTP: body, headers, problems.
 *
 * @example export const POST = handler(createFlag, { status: 201 })
 */
export function handler<I, R>(operation: Operation<I, R>, dress: Dress<R> = {}) {
  const style: Style<R> = {
    async input(request, named) {
      if (!dress.ownSession) return inputOf(request, named)
      const session = (await cookies()).get(sessionCookieName())?.value ?? null
      return inputOf(request, { ...named, session })
    },
    success: (answer, requestId) => dressed(answer, requestId, dress),
    failure: problem,
    lines: dress.lines,
    limit: dress.limit,
    account: dress.account,
  }
  return (request: Request, { params }: Params): Promise<Response> =>
    respond(operation, request, params, style)
}
