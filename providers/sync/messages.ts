import { parseId } from '../../lib/evaluation/ids'
import type { ConfigPatch } from '../../lib/evaluation/types'
import { parseJson } from './json'

/** What the server says on the stream. */
export type Message =
  | Hello
  | { readonly type: 'put'; readonly id: string; readonly config: unknown; readonly text: string }
  | { readonly type: 'patch'; readonly patch: ConfigPatch; readonly text: string }
  /** `resync`: the state is to be fetched anew. `changed`: a residual may be another one. */
  | ({ readonly type: 'resync' | 'changed'; readonly id: string; readonly spread: number } & KillOverlay)
  | { readonly type: 'bye'; readonly retry: number }
  /** One of these that says something which cannot be read: what it was about has to be asked for. */
  | { readonly type: 'unreadable' }

export type Hello = {
  readonly type: 'hello'
  readonly id: string
  readonly time: number
  readonly heartbeat: number
  /** The server wants to hear what is applied, within this many ms; `null`: it does not. */
  readonly ack: number | null
  /** Told by another tab, to which the config was pushed before. */
  readonly relayed?: true
}

/** Always the complete list of killed flags, and the id of the version that last changed it. */
export type KillOverlay = { readonly killed: readonly string[]; readonly killedAt: string }

type Fields = { readonly [name: string]: unknown }

/**
 * Reads one event; `null` where it is not one we know.
 * Only what the sync itself relies on is checked here: the engine checks flags and segments.
 */
export function parseMessage(name: string, data: string): Message | null {
  const read = Object.hasOwn(readers, name) ? readers[name as Name] : undefined
  if (!read) return null
  const fields = parseJson(data)
  const message = typeof fields === 'object' && fields !== null ? read(fields as Fields, data) : null
  return message ?? (name === 'hello' ? null : { type: 'unreadable' })
}

type Name = Exclude<Message['type'], 'unreadable'>

const readers: { readonly [T in Name]: (fields: Fields, text: string) => Message | null } = {
  hello: ({ id, time, heartbeat, ack }) =>
    isId(id) && isDuration(time) && isDuration(heartbeat)
      ? { type: 'hello', id, time, heartbeat, ack: isDuration(ack) ? ack : null }
      : null,
  put: (config, text) => (isId(config.id) ? { type: 'put', id: config.id, config, text } : null),
  patch: (fields, text) => {
    const patch = readPatch(fields)
    return patch && { type: 'patch', patch, text }
  },
  resync: readFetch('resync'),
  changed: readFetch('changed'),
  bye: ({ retry }) => ({ type: 'bye', retry: isDuration(retry) ? retry : 0 }),
}

function readFetch(type: 'resync' | 'changed') {
  return (fields: Fields): Message | null => {
    const { id, spread } = fields
    const overlay = readOverlay(fields)
    return overlay && isId(id) && isDuration(spread) ? { type, id, spread, ...overlay } : null
  }
}

/** A patch whose ids and kill overlay can be relied on. */
export function readPatch(input: unknown): ConfigPatch | null {
  const { from, to } = (input ?? {}) as Fields
  return isId(from) && isId(to) && readOverlay(input) ? (input as ConfigPatch) : null
}

/** The kill overlay of a config, a patch or a message; `null` where it cannot be relied on. */
export function readOverlay(input: unknown): KillOverlay | null {
  const { killed, killedAt } = (input ?? {}) as Fields
  return isKeys(killed) && isId(killedAt) ? { killed, killedAt } : null
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
