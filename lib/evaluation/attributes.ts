import type { EvaluationContext } from './types'

/**
 * Reads an attribute: an own property of that whole name, else a dotted path of own properties. `undefined` where it
 * is missing, `null`, or where reading it throws: applications pass proxies and getters.
 */
export function readAttribute(context: EvaluationContext, attribute: string): unknown {
  try {
    return (holdsOwn(context, attribute) ? context[attribute] : readPath(context, attribute)) ?? undefined
  } catch {
    return undefined
  }
}

/**
 * Reads an attribute that identifies someone, for bucketing and lists of ids: a string that is not empty, or a number
 * in its shortest decimal form. Anything else counts as missing.
 */
export function readKey(context: EvaluationContext, attribute: string): string | undefined {
  const value = readAttribute(context, attribute)
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

function readPath(context: EvaluationContext, path: string): unknown {
  let at: unknown = context
  let start = 0
  let dot = path.indexOf('.')
  if (dot === -1) return undefined
  while (dot !== -1) {
    const name = path.slice(start, dot)
    if (!holdsOwn(at, name)) return undefined
    at = at[name]
    start = dot + 1
    dot = path.indexOf('.', start)
  }
  const last = path.slice(start)
  return holdsOwn(at, last) ? at[last] : undefined
}

function holdsOwn(input: unknown, name: string): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, name)
}
