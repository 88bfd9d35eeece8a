import type { ControlError } from '@/lib/control/errors'
import type { Answer, Operation } from '@/lib/control/operation'
import { readBody } from './body'
import { type Params, queryOf, respond, type Style, UNSAFE } from './handler'
import { asked, retryAfterOf, statusOf } from './problem'

// RFC 7644. What is sent stays in a box of its own: none of it may pass for what the address names.

const TYPE = 'application/scim+json'
const ACCEPTED = /^application\/(scim\+)?json\s*(;|$)/i
const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error'

async function inputOf(request: Request, named: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (!UNSAFE.has(request.method)) return { ...named, query: queryOf(request) }
  return { ...named, resource: await readBody(request, ACCEPTED) }
}

function json(
  status: number,
  body: unknown,
  requestId: string,
  headers: Record<string, string> = {},
): Response {
  const fixed = { 'Content-Type': TYPE, 'Cache-Control': 'no-store', 'X-Request-Id': requestId }
  return new Response(body === null ? null : JSON.stringify(body), {
    status,
    headers: { ...fixed, ...headers },
  })
}

function success<R>({ result }: Answer<R>, requestId: string, status: 200 | 201): Response {
  if (result === null) return json(204, null, requestId)
  const { location } = (result as { meta?: { location?: string } }).meta ?? {}
  return json(status, result, requestId, status === 201 && location ? { Location: location } : {})
}

/** SCIM knows no 422: what it calls an invalid value is 400. */
const scimStatus = (error: ControlError) => (error.kind === 'invalid' ? 400 : statusOf(error))

function scimType({ kind, extra }: ControlError): string | undefined {
  if (typeof extra.scimType === 'string') return extra.scimType
  return kind === 'invalid' ? 'invalidValue' : kind === 'malformed' ? 'invalidSyntax' : undefined
}

function failure(error: unknown, requestId: string): Response {
  const known = asked(error, requestId)
  const status = known ? scimStatus(known) : 500
  const detail =
    known?.message ?? `something failed on our side: name request ${requestId} when you report it`
  const type = known && scimType(known)
  const retryAfter = known && retryAfterOf(known)
  const body = { schemas: [ERROR_SCHEMA], status: String(status), ...(type && { scimType: type }), detail }
  return json(status, body, requestId, {
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(retryAfter !== null && { 'Retry-After': String(retryAfter) }),
  })
}

/**
 * An operation in the dress of SCIM: its media type, its errors, its `Location`.
 *
 * @example export const POST = scim(createUser, 201)
 */
export function scim<I, R>(operation: Operation<I, R>, status: 200 | 201 = 200) {
  const style: Style<R> = {
    input: inputOf,
    success: (answer, requestId) => success(answer, requestId, status),
    failure,
    limit: 'scim',
  }
  return (request: Request, { params }: Params): Promise<Response> =>
    respond(operation, request, params, style)
}
