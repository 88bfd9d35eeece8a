import type { EvaluationContext } from './types'

/**
 * Prepares the reading of an attribute: an own property of that whole name, else a dotted path of own properties.
 * `undefined` where it is missing, `null`, or where reading it throws: applications pass proxies and getters.
 */
export function reader(attribute: string): (context: EvaluationContext) => unknown {
  const path = attribute.includes('.') ? attribute.split('.') : null
  return (context) => {
    try {
      if (holdsOwn(context, attribute)) return context[attribute] ?? undefined
      return path === null ? undefined : (readPath(context, path) ?? undefined)
    } catch {
      return undefined
    }
  }
}

/**
 * Prepares the reading of an attribute that identifies someone, for bucketing and lists of ids: a string that is not
 * empty, or a number in its shortest decimal form. Anything else counts as missing.
 */
export function keyReader(attribute: string): (context: EvaluationContext) => string | undefined {
  const read = reader(attribute)
  return (context) => {
    const value = read(context)
    if (typeof value === 'string') return value === '' ? undefined : value
    return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
  }
}

export function readAttribute(context: EvaluationContext, attribute: string): unknown {
  return reader(attribute)(context)
}

export function readKey(context: EvaluationContext, attribute: string): string | undefined {
  return keyReader(attribute)(context)
}

function readPath(context: EvaluationContext, path: readonly string[]): unknown {
  let at: unknown = context
  for (const name of path) {
    if (!holdsOwn(at, name)) return undefined
    at = at[name]
  }
  return at
}

function holdsOwn(input: unknown, name: string): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, name)
}
