import type { JsonValue } from '../evaluation/types'

/** Something about a definition, by JSON path. */
export type Finding = { readonly path: string; readonly reason: string }

/** An input with its JSON path. */
export type Node = { readonly input: unknown; readonly path: string }

export function child({ input, path }: Node, key: string | number): Node {
  const step = typeof key === 'string' && /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
  const found = typeof input === 'object' && input !== null && Object.hasOwn(input, key)
  return { input: found ? (input as Record<string | number, JsonValue>)[key] : undefined, path: path + step }
}
