import type { EvaluationContext } from './types'

export const TARGETING_KEY = 'targetingKey'

type Reader<T> = (context: EvaluationContext) => T

/**
 * Reads an attribute: an own property of that whole name, else a dotted path of own properties. `undefined` where it
 * is missing, `null`, or where reading it throws: applications pass proxies and getters.
 */
export function readAttribute(context: EvaluationContext, attribute: string): unknown {
  return attribute.includes('.') ? readPath(context, attribute) : readOwn(context, attribute)
}

/** The same for an attribute whose name has no dot. */
export function readOwn(context: EvaluationContext, attribute: string): unknown {
  try {
    return holdsOwn(context, attribute) ? (context[attribute] ?? undefined) : undefined
  } catch {
    return undefined
  }
}

/** Reads a property whether the context's own or inherited: what comes of it counts only together with `isOwn`. */
export function peek(context: EvaluationContext, attribute: string): unknown {
  try {
    return context[attribute] ?? undefined
  } catch {
    return undefined
  }
}

export function isOwn(context: EvaluationContext, attribute: string): boolean {
  try {
    return holdsOwn(context, attribute)
  } catch {
    return false
  }
}

/**
 * Reads an attribute that identifies someone, for bucketing and lists of ids: a string that is not empty, or a number
 * in its shortest decimal form. Anything else counts as missing.
 */
export function readKey(context: EvaluationContext, attribute: string): string | undefined {
  return asKey(readAttribute(context, attribute))
}

/** `readAttribute` for one attribute and many contexts. */
export function reader(attribute: string): Reader<unknown> {
  return attribute.includes('.')
    ? (context) => readPath(context, attribute)
    : (context) => readOwn(context, attribute)
}

/** `readKey` for one attribute and many contexts. */
export function keyReader(attribute: string): Reader<string | undefined> {
  if (attribute === TARGETING_KEY) return (context) => asKey(readTargetingKey(context))
  return attribute.includes('.')
    ? (context) => asKey(readPath(context, attribute))
    : (context) => asKey(readOwn(context, attribute))
}

/** What identifies someone; `undefined` for what cannot. */
export function asKey(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/** As `peek`, for an id. A property named in the source is read faster than one named by a variable. */
export function peekTargetingKey(context: EvaluationContext): string | undefined {
  try {
    return asKey(context.targetingKey)
  } catch {
    return undefined
  }
}

function readTargetingKey(context: EvaluationContext): unknown {
  try {
    return holdsOwn(context, TARGETING_KEY) ? (context.targetingKey ?? undefined) : undefined
  } catch {
    return undefined
  }
}

/** `readAttribute` for any name: with a dot or without, if a little slower. */
export function readPath(context: EvaluationContext, path: string): unknown {
  try {
    if (holdsOwn(context, path)) return context[path] ?? undefined
    let at: unknown = context
    for (let start = 0, dot = 0; dot !== -1; start = dot + 1) {
      dot = path.indexOf('.', start)
      const name = dot === -1 ? path.slice(start) : path.slice(start, dot)
      if (!holdsOwn(at, name)) return undefined
      at = at[name]
    }
    return at ?? undefined
  } catch {
    return undefined
  }
}

function holdsOwn(input: unknown, name: string): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, name)
}
