import { type ConfigPatch, parseId } from '../../lib/evaluation'

/** What the server says on the stream. */
export type Message =
  | { readonly type: 'hello'; readonly id: string; readonly time: number; readonly heartbeat: number }
  | { readonly type: 'put'; readonly id: string; readonly config: unknown }
  | { readonly type: 'patch'; readonly patch: ConfigPatch }
  | ({ readonly type: 'resync'; readonly id: string; readonly spread: number } & KillOverlay)
  | { readonly type: 'bye'; readonly retry: number }

/** Always the complete list of killed flags, and the id of the version that last changed it. */
export type KillOverlay = { readonly killed: readonly string[]; readonly killedAt: string }

type Fields = { readonly [name: string]: unknown }

/**
 * Reads one event; `null` where it is not one we know.
 * Only what the sync itself relies on is checked here: the engine checks flags and segments.
 */
export function parseMessage(name: string, data: string): Message | null {
  const read = Object.hasOwn(readers, name) ? readers[name as Message['type']] : undefined
  if (!read) return null
  const fields = parseJson(data)
  return typeof fields === 'object' && fields !== null ? read(fields as Fields) : null
}

const readers: { readonly [T in Message['type']]: (fields: Fields) => Message | null } = {
  hello: ({ id, time, heartbeat }) =>
    isId(id) && isDuration(time) && isDuration(heartbeat) ? { type: 'hello', id, time, heartbeat } : null,
  put: (config) => (isId(config.id) ? { type: 'put', id: config.id, config } : null),
  patch: (fields) => {
    const patch = readPatch(fields)
    return patch && { type: 'patch', patch }
  },
  resync: ({ id, spread, killed, killedAt }) =>
    isId(id) && isDuration(spread) && isKeys(killed) && isId(killedAt)
      ? { type: 'resync', id, spread, killed, killedAt }
      : null,
  bye: ({ retry }) => ({ type: 'bye', retry: isDuration(retry) ? retry : 0 }),
}

/** A patch whose ids and kill overlay can be relied on. */
export function readPatch(input: unknown): ConfigPatch | null {
  const { from, to, killed, killedAt } = (input ?? {}) as Fields
  return isId(from) && isId(to) && isKeys(killed) && isId(killedAt) ? (input as ConfigPatch) : null
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && parseId(value) !== null
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isKeys(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((key) => typeof key === 'string')
}
