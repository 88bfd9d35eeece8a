/** What control throws; `lib/http/problem.ts` alone knows the status codes. */
export type FieldError = { path: string; message: string }

export type ProblemKind =
  | 'malformed'
  | 'invalid'
  | 'too_large'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'precondition_required'
  | 'too_many'
  | 'busy'
  | 'idempotency_mismatch'

export class ControlError extends Error {
  override name = 'ControlError'
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly errors: readonly FieldError[] = [],
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
  }
}

export const notFound = (what: string, key: string, where = '') =>
  new ControlError('not_found', `there is no ${what} "${key}"${where && ` in ${where}`}`)

export const conflict = (message: string, extra: Record<string, unknown> = {}) =>
  new ControlError('conflict', message, [], extra)

/** One field breaks one rule. */
export const invalid = (path: string, message: string) =>
  new ControlError('invalid', `${path}: ${message}`, [{ path, message }])
