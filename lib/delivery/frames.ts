import { type ConfigPatch, compareIds } from '@/lib/evaluation'
import type { Step } from './backlog'
import { now } from './clock'
import type { Environment } from './environment'
import { joined, type KeyView, type View } from './view'

export const MAX_FRAME_BYTES = 32 * 1024 // larger states are fetched: a frame never fills a reader's buffer
export const HEARTBEAT_MS = 10_000 // load balancers cut idle streams at 60 s; a dead peer shows within 25 s
export const MAX_AGE_MS = 60 * 60_000
const FETCHES_PER_SECOND = 500 // how fast a node serves whole configs without hurting its streams
const RESIDUALS_PER_SECOND = 500 // each is worked out anew
const BACK_PER_SECOND = 2_000 // of streams that were lost together; more than come in (admission.ts), as nodes share them
const LOST_LEAST_MS = 1_000
const LEFT_LEAST_MS = 200
const SPREAD_MS = 2_000 // browsers are many, and seldom wait for a change
const MAX_KEYS = 200 // more are not named: clients compare what they fetch

export const HEARTBEAT = Buffer.from(':\n\n')

/** One server-sent event. `JSON.stringify` writes no line break, so its text is one data line. */
export function frame(event: string, data: unknown, id?: string): Buffer {
  const head = id === undefined ? '' : `id: ${id}\n`
  return Buffer.from(`event: ${event}\n${head}data: ${JSON.stringify(data)}\n\n`)
}

/** Reconnects of many clients must not fall into one instant: `streams` may be lost together. */
const scattered = (streams: number, leastMs: number) =>
  Math.floor(Math.random() * Math.max(leastMs, (streams / BACK_PER_SECOND) * 1_000))

/** `ackMs`: asks to be told what is applied, within this time; false: does not. `streams`: open here. */
export function hello(
  environment: Environment,
  view: KeyView,
  ackMs: number | false,
  streams: number,
): Buffer {
  const oldest = (view !== 'residual' && environment.backlog.oldest) || environment.id
  const data = {
    id: environment.id,
    oldest,
    time: now(),
    heartbeat: HEARTBEAT_MS,
    maxAge: MAX_AGE_MS,
    ack: ackMs,
  }
  return Buffer.concat([
    Buffer.from(`retry: ${LOST_LEAST_MS + scattered(streams, LOST_LEAST_MS)}\n`),
    frame('hello', data),
  ])
}

export type ByeReason = 'draining' | 'max_age' | 'revoked' | 'removed'

/** `streams`: how many are told so together. Nothing is broken: whoever leaves is elsewhere in a moment. */
export function bye(reason: ByeReason, streams: number): Buffer {
  return frame('bye', { retry: scattered(streams, LEFT_LEAST_MS), reason })
}

/** Kills apply at once; the rest is fetched within `spread` milliseconds, so that a crowd does not arrive together. */
export function resync(environment: Environment, view: View, readers: number): Buffer {
  const { killed, killedAt } = environment.kills(view)
  const spread = readers <= 1 ? 0 : Math.ceil((readers / FETCHES_PER_SECOND) * 1_000)
  return frame('resync', { id: environment.id, spread, killed, killedAt })
}

/** For those who hold residuals: kills apply at once, and a new one is fetched within `spread` milliseconds. */
export function changed(environment: Environment, step: Step['residual'], readers: number): Buffer {
  const { killedAt } = environment.kills('full')
  const everyone = Math.max(SPREAD_MS, Math.ceil((readers / RESIDUALS_PER_SECOND) * 1_000))
  const spread = readers <= 1 ? 0 : everyone
  const keys = step.keys.length > MAX_KEYS ? [] : step.keys
  return frame('changed', { id: environment.id, keys, killed: step.killed, killedAt, spread })
}

/** Where a view stands, for those who may have missed it: it changes nothing for anyone who has not. */
export function stateFrame(environment: Environment, view: KeyView, readers: number): Buffer {
  if (view === 'residual')
    return changed(environment, { keys: [], killed: environment.killedInBrowsers() }, readers)
  const { id } = environment
  return frame('patch', { from: id, to: id, flags: {}, segments: {}, ...environment.kills(view) })
}

/**
 * What brings a client that holds `lastId` to now: nothing, patches, the whole config, or word to fetch it. A client
 * that is ahead of this node gets nothing: it would have to go back.
 */
export function opening(environment: Environment, view: KeyView, lastId: string | undefined): Buffer {
  if (view === 'residual')
    return lastId === environment.id
      ? Buffer.alloc(0)
      : changed(environment, { keys: [], killed: environment.killedInBrowsers() }, 1)
  const ahead = lastId !== undefined && compareIds(lastId, environment.id) > 0
  if (ahead || lastId === environment.id) return Buffer.alloc(0)
  const openings = environment.openings(view)
  const known = openings.get(lastId ?? '')
  if (known) return known
  const patches = lastId === undefined ? null : environment.backlog.since(view, lastId)
  const bytes = (patches && patchFrame(patches)) ?? whole(environment, view)
  if (patches || lastId === undefined) openings.set(lastId ?? '', bytes) // other ids are anything that clients say
  return bytes
}

function whole(environment: Environment, view: View): Buffer {
  const text = environment.text(view)
  if (Buffer.byteLength(text) > MAX_FRAME_BYTES - 256) return resync(environment, view, 1)
  const line = text.replaceAll('\n', '') // outside of strings a break means nothing
  return Buffer.from(`event: put\nid: ${environment.id}\ndata: ${line}\n\n`)
}

/** Patches that follow each other as one frame; null when that would be too large. */
export function patchFrame(patches: readonly ConfigPatch[]): Buffer | null {
  const patch = patches.reduce(joined)
  const bytes = frame('patch', patch, patch.to)
  return bytes.length <= MAX_FRAME_BYTES ? bytes : null
}
