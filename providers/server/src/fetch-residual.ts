import type { Residual } from '../../../lib/evaluation/residual/types'
import { ask } from '../../sync/ask'
import type { Clock } from '../../sync/clock'
import { contextJson } from '../../sync/context-json'
import type { Endpoint } from '../../sync/endpoint'

const TIMEOUT_MS = 1_000 // a page waits for it

/** What is left of the browser flags for one context; `null`, and a warning, where it cannot be had. */
export async function fetchResidual(
  endpoint: Endpoint,
  clock: Clock,
  context: object,
  warn: (message: string) => void,
): Promise<Residual | null> {
  const request = { endpoint, clock, abort: new AbortController(), min: null, timeoutMs: TIMEOUT_MS }
  const read = async (response: Response) => ({ residual: (await response.json()) as Residual })
  const fetched = await ask(request, '/config/residual', { body: contextJson(context) }, read)
  if ('residual' in fetched) return fetched.residual
  warn(`no residual for the page: ${fetched.message}`)
  return null
}
