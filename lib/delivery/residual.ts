import type { EvaluationContext } from '@/lib/evaluation'
import { type Ask, CORS, json, problem, type Reply } from './answer'
import { now } from './clock'
import type { Environment } from './environment'
import { contextOf } from './ofrep/context'

/**
 * `POST /config/residual`: what is left of the browser flags once everything private is settled for one context. Any
 * body type is read as JSON: `text/plain` spares browsers the preflight.
 */
export async function residual(
  ask: Ask,
  environment: Environment,
  staleSince: number | null,
  look: (context: EvaluationContext) => void,
): Promise<Reply> {
  const read = await contextOf(ask)
  if ('errorCode' in read) return problem(400, 'Malformed context', read.errorDetails)
  look(read.context)
  return json(200, environment.residual(read.context, now()), {
    ...CORS,
    'Cache-Control': 'no-store',
    ...(staleSince !== null && { 'X-Jackstaff-Stale': new Date(staleSince).toISOString() }),
  })
}
