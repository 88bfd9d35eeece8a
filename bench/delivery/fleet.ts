import { now } from './clock'
import { never, type Summary, summaryOf } from './figures'
import type { OurProviders } from './provider-process'
import type { UnleashClients } from './unleash-process'
import { shares, Worker } from './worker'

const SILENCE_MS = 10_000 // whoever says nothing for this long counts as lost

type Listening = OurProviders | UnleashClients

/** Clients in several processes that are waited for together. */
export class Fleet<H extends Listening> {
  readonly workers: Worker<H>[]

  constructor(
    role: string,
    readonly count: number,
    processes: number,
    private readonly silenceMs = SILENCE_MS,
  ) {
    this.workers = Array.from({ length: processes }, () => new Worker<H>(role))
  }

  async connect(asked: (count: number) => Parameters<H['connect']>[0]): Promise<void> {
    const parts = shares(this.count, this.workers.length)
    await Promise.all(
      this.workers.map((worker, i) =>
        (worker as Worker<Listening>).ask('connect', asked(parts[i]!) as never),
      ),
    )
  }

  /** Makes a change of a flag, and answers with milliseconds from sending it to each client's event. */
  async timed(
    flag: string,
    change: () => Promise<unknown>,
  ): Promise<{ times: number[]; answeredMs: number }> {
    const workers = this.workers as unknown as Worker<OurProviders>[]
    await Promise.all(workers.map((worker) => worker.ask('expect', { flag })))
    const sent = now()
    const collecting = workers.map((worker) => worker.ask('collected', { withinMs: this.silenceMs }))
    await change()
    const answeredMs = now() - sent
    const heard = await Promise.all(collecting)
    return { answeredMs, times: heard.flatMap((all) => [...all].map((at) => at - sent)) }
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.end()))
  }
}

export type Rounds = { latency: Summary; answered: Summary; lost: number }

export const roundsOf = (
  rounds: readonly { times: readonly number[]; answeredMs: number }[],
  clients: number,
): Rounds => {
  const times = rounds.flatMap((round) => round.times)
  const lost = rounds.length * clients - times.length
  return {
    latency: summaryOf([...times, ...never(lost)]),
    answered: summaryOf(rounds.map(({ answeredMs }) => answeredMs)),
    lost,
  }
}
