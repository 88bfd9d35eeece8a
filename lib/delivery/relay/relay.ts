import type { Ask, Reply } from '../answer'

/** Bytes for everyone who listens to a channel. */
export type Item = {
  channel: string
  /** The same from every edge that tells the same. */
  id: string
  /** How a stream begins, for a relay that lets it begin with these bytes. */
  hello: Buffer
  bytes: Buffer
  /** Nothing comes after them, and the streams end. */
  closes: boolean
}

/** Something in front of edges that holds streams for them and is told what to send. */
export type Relay = {
  readonly name: string
  /** Whether a request came through it. */
  carries(ask: Ask): boolean
  /** What makes it hold the stream that a request opens, on all of these channels. `first`: how the stream begins. */
  hold(channels: readonly string[], first: Buffer): Reply
  /** Hands over items, in order; `most` of them at a time. Rejects where it is not sure that they have arrived. */
  send(items: readonly Item[]): Promise<void>
  readonly most: number
}

export const EVENT_STREAM = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
}

const SEND_MS = 2_000 // one that takes longer is gone, and what waits is tried again

/** A request to a relay; throws unless it says that all is well. */
export async function tell(url: URL, init: RequestInit): Promise<void> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(SEND_MS) })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url.host} answered ${response.status}`)
}
