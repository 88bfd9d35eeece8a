import { parse as parseJson } from 'secure-json-parse'
import { type EvaluationContext, evaluate } from '@/lib/evaluation'
import { type Ask, CORS, json, type Reply } from './answer'
import type { Environment } from './environment'
import type { KeyView } from './view'

const MAX_CONTEXT_BYTES = 64 * 1024

const HEADERS = { ...CORS, 'Cache-Control': 'no-store' }

/** The evaluation context of a request, or what is wrong with its body. */
export async function contextOf(ask: Ask): Promise<EvaluationContext | string> {
  const text = await ask.text(MAX_CONTEXT_BYTES)
  if (text === null) return `the body is larger than ${MAX_CONTEXT_BYTES} bytes: send a smaller context`
  try {
    const body = parseJson(text || '{}', undefined, { protoAction: 'remove', constructorAction: 'remove' })
    const context = (body as { context?: unknown } | null)?.context ?? {}
    const usable = typeof context === 'object' && !Array.isArray(context)
    return usable ? (context as EvaluationContext) : 'context: send an object of attributes'
  } catch {
    return 'the body must be JSON: {"context": {"targetingKey": "..."}}'
  }
}

/** `POST /ofrep/v1/evaluate/flags/{key}`: one flag for one context. OFREP 0.3. */
export async function evaluateFlag(
  ask: Ask,
  environment: Environment,
  view: KeyView,
  key: string,
): Promise<Reply> {
  const context = await contextOf(ask)
  if (typeof context === 'string')
    return json(400, { key, errorCode: 'INVALID_CONTEXT', errorDetails: context }, HEADERS)
  // A flag that browsers may see can rest on flags and segments that they may not.
  const shown = view === 'server' || environment.browser.has(key)
  const result = evaluate(environment.config(shown ? 'server' : 'full'), key, context, Date.now())
  const metadata = result.flagMetadata
  if (result.reason === 'ERROR') {
    const { errorCode, errorMessage: errorDetails } = result
    const status = errorCode === 'FLAG_NOT_FOUND' ? 404 : 400
    return json(status, { key, errorCode, errorDetails, metadata }, HEADERS)
  }
  const { value, variant, reason } = result
  return json(200, { key, reason, ...(variant === undefined ? {} : { value, variant }), metadata }, HEADERS)
}
