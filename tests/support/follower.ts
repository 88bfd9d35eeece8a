import { setTimeout as sleep } from 'node:timers/promises'
import { type Frame, openStream, type Stream } from './stream'

export type Follower = {
  /** The id of the config that it holds. */
  id(): string | undefined
  /** Frames of every stream that it has had. */
  frames(): readonly Frame[]
  /** Streams that were opened. */
  opened(): number
  /** What a correct server never makes it do: a whole config, or a patch that does not fit, after the first. */
  broken(): readonly string[]
  close(): void
}

const RETRY_MS = 1_000 // full jitter, as providers do

/** A client that holds a stream for good: cut off, it comes back with `Last-Event-ID` and goes on where it was. */
export function followStream(url: string, key: string): Follower {
  const streams: Stream[] = []
  const broken: string[] = []
  let id: string | undefined
  let isOver = false

  const take = ({ event, data, id: own }: Frame) => {
    if (event === 'resync' || (event === 'put' && id !== undefined)) broken.push(`${event} on top of ${id}`)
    if (event === 'patch' && data.from === data.to) return // where the channel stands, said again
    if (event === 'patch' && data.from !== id) broken.push(`from ${data.from} on top of ${id}`)
    if (own !== undefined) id = own
  }

  async function stay(): Promise<void> {
    while (!isOver) {
      const stream = await openStream(url, key, id).catch(() => null)
      if (stream?.status === 200) {
        streams.push(stream)
        await stream.drain(take)
      } else stream?.close()
      await sleep(Math.random() * RETRY_MS)
    }
  }

  void stay()
  return {
    id: () => id,
    frames: () => streams.flatMap((stream) => stream.frames),
    opened: () => streams.length,
    broken: () => broken,
    close() {
      isOver = true
      streams.at(-1)?.close()
    },
  }
}
