import { parse as parseJson } from 'secure-json-parse'
import type { EvaluationContext } from '@/lib/evaluation'
import type { Ask } from '../answer'
import type { Environment } from '../environment'
import type { KeyView } from '../view'

const MAX_CONTEXT_BYTES = 64 * 1024
const MAX_CONTEXT_DEPTH = 32 // no rule looks deeper, and whoever walks a context is spared the thought of it

/** Shown each context that was read: which attributes there are is worth knowing. */
export type Look = (environment: Environment, view: KeyView, context: EvaluationContext) => void

/** Why no evaluation context could be read, in the words of OFREP. */
export type Unreadable = {
  readonly status: 400 | 413
  readonly errorCode: 'PARSE_ERROR' | 'INVALID_CONTEXT'
  readonly errorDetails: string
}

const unreadable = (errorCode: Unreadable['errorCode'], errorDetails: string): Unreadable => ({
  status: 400,
  errorCode,
  errorDetails,
})

/**
 * The evaluation context of a request's body. A context without `targetingKey`, or none at all, is somebody unknown.
 *
 * @example const read = await contextOf(ask); if ('errorCode' in read) return refusal(read)
 */
export async function contextOf(ask: Ask): Promise<{ context: EvaluationContext } | Unreadable> {
  const text = await ask.text(MAX_CONTEXT_BYTES)
  if (text === null) {
    const errorDetails = `the body is larger than ${MAX_CONTEXT_BYTES} bytes: send a smaller context`
    return { status: 413, errorCode: 'INVALID_CONTEXT', errorDetails }
  }
  const body = read(text)
  if (body === undefined)
    return unreadable('PARSE_ERROR', 'the body must be JSON: {"context": {"targetingKey": "..."}}')
  if (!isObject(body)) return unreadable('INVALID_CONTEXT', 'the body: send an object with a context')
  const context = body.context ?? {}
  if (!isObject(context)) return unreadable('INVALID_CONTEXT', 'context: send an object of attributes')
  if (isDeeperThan(MAX_CONTEXT_DEPTH, context))
    return unreadable('INVALID_CONTEXT', `context: nests deeper than ${MAX_CONTEXT_DEPTH} levels: flatten it`)
  return { context: context as EvaluationContext }
}

function read(text: string): unknown {
  try {
    return parseJson(text || '{}', undefined, { protoAction: 'remove', constructorAction: 'remove' })
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner))
}
