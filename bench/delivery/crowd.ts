import { setTimeout as sleep } from 'node:timers/promises'
import { bearer } from './api'
import type { Heard, Readers, Target } from './reader-process'
import type { Endpoint, Stand } from './stand'
import { shares, Worker } from './worker'

const AT_ONCE = 100
const LATEST_MS = 5_000 // a version that is not there by then counts as lost

export const PER_PROCESS = 5_000

export function streamOf({ serverKey }: Stand, { port }: Endpoint): Target {
  return {
    port,
    request: `GET /config/stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${bearer(serverKey).authorization}\r\n`,
    version: -1,
  }
}

/** Streams in several processes, asked as one. */
export class Crowd {
  private readonly workers: Worker<Readers>[]

  constructor(processes: number) {
    this.workers = Array.from({ length: processes }, () => new Worker<Readers>('readers'))
  }

  /** Milliseconds until so many streams had their first word. */
  async open(
    target: Target,
    count: number,
    { lastId, atOnce: inAll = AT_ONCE }: { lastId?: string; atOnce?: number } = {},
  ): Promise<number> {
    const parts = shares(count, this.workers.length)
    const atOnce = Math.ceil(inAll / this.workers.length)
    const opened = this.workers.map((worker, i) =>
      worker.ask('open', { target, count: parts[i]!, atOnce, lastId }),
    )
    return Math.max(...(await Promise.all(opened)).map(({ tookMs }) => tookMs))
  }

  async storm(): Promise<number> {
    const back = await Promise.all(this.workers.map((worker) => worker.ask('storm', undefined)))
    return Math.max(...back.map(({ tookMs }) => tookMs))
  }

  /** Waits until so many streams are at a version, and answers with how many are in the end. */
  async settle(version: number, count: number): Promise<number> {
    const deadline = performance.now() + LATEST_MS
    for (;;) {
      const parts = await Promise.all(this.workers.map((worker) => worker.ask('reached', { version })))
      const all = parts.reduce((sum, part) => sum + part, 0)
      if (all >= count || performance.now() > deadline) return all
      await sleep(50)
    }
  }

  /** What was heard since this was asked before. */
  async heard(): Promise<Heard[]> {
    return Promise.all(this.workers.map((worker) => worker.ask('heard', undefined)))
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.end()))
  }
}
