import { isUnavailable } from '@/lib/control/database-error'
import { ControlError, type ProblemKind } from '@/lib/control/errors'
import { log } from '@/lib/log'

/** The one place that knows status codes. RFC 9457. */
const problems: Record<ProblemKind, { status: number; title: string }> = {
  malformed: { status: 400, title: 'Malformed request' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  stale: { status: 412, title: 'Changed meanwhile' },
  too_large: { status: 413, title: 'Too large' },
  invalid: { status: 422, title: 'Invalid' },
  idempotency_mismatch: { status: 422, title: 'Idempotency-Key reused' },
  precondition_required: { status: 428, title: 'If-Match needed' },
  too_many: { status: 429, title: 'Too many requests' },
  busy: { status: 503, title: 'Busy' },
}

const RETRY_AFTER_S = 1

/** The status of what control throws. */
export const statusOf = ({ kind }: ControlError): number => problems[kind].status

/** When to try again, in seconds; null where trying again is of no use. */
export function retryAfterOf({ kind, extra }: ControlError): number | null {
  if (kind === 'too_many') return Number(extra.retryAfter)
  return kind === 'busy' ? RETRY_AFTER_S : null
}

/** What a failure is to the one who asked; what we did not expect is logged and told apart by its id. */
export function asked(error: unknown, requestId: string): ControlError | null {
  if (error instanceof ControlError) return error
  log.error({ err: error, requestId }, 'request failed')
  return isUnavailable(error) ? databaseAway() : null
}

/** `application/problem+json` for anything thrown; what we did not expect is logged and told apart by its id. */
export function problem(error: unknown, requestId: string): Response {
  const known = asked(error, requestId)
  if (known) return controlProblem(known, requestId)
  return answer(500, {
    type: 'about:blank',
    title: 'Internal error',
    detail: `something failed on our side: name request ${requestId} when you report it`,
    requestId,
  })
}

const databaseAway = () =>
  new ControlError(
    'busy',
    'the database does not answer: applications keep their flags; try again shortly, with the same Idempotency-Key where you sent one',
  )

function controlProblem(error: ControlError, requestId: string): Response {
  const { status, title } = problems[error.kind]
  const body = {
    type: 'about:blank',
    title,
    detail: error.message,
    requestId,
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
    ...error.extra,
  }
  const headers: Record<string, string> = {}
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer'
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== null) headers['Retry-After'] = String(retryAfter)
  return answer(status, body, headers)
}

function answer(
  status: number,
  body: { requestId: string; [member: string]: unknown },
  headers = {},
): Response {
  return Response.json(
    { ...body, status },
    {
      status,
      headers: {
        'Content-Type': 'application/problem+json',
        'Cache-Control': 'no-store',
        'X-Request-Id': body.requestId,
        ...headers,
      },
    },
  )
}
