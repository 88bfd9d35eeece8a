import type { Cancel, Clock } from './clock'
import type { Endpoint } from './endpoint'
import type { Replica } from './replica'
import type { Batch, Tally } from './tally'
import { post, uuid } from './tell'

const INTERVAL_MS = 60_000
const SOON_MS = 1_000
const MOST_DOUBLINGS = 4 // of a minute, while the server is away
const CLOSE_MS = 1_000 // what the application that closes may be kept waiting
const UNSUPPORTED_MS = 3_600_000 // an older server; it may be upgraded under us

export type TelemetryOptions = {
  readonly endpoint: Endpoint
  readonly clock: Clock
  readonly tally: Tally
  /** Which provider this is, with its version. */
  readonly client: string
  /** This provider among all of them, for as long as it lives. */
  readonly instance: string
  /** Calls back whenever the page may be about to end, until it is cancelled. */
  readonly whenHidden?: (run: () => void) => Cancel
  /** Nothing is sent until a server has confirmed the config. */
  readonly replica: Pick<Replica, 'current' | 'validated'>
}

export type Telemetry = {
  /** Sends what there is, for at most a second, and never again. */
  readonly close: () => Promise<void>
}

/**
 * Sends a tally from time to time, one request at a time: docs/telemetry.md. A batch that may have arrived is sent again
 * as it is, with the same id, until it is answered; meanwhile the tally goes on.
 */
export function startTelemetry({
  endpoint,
  clock,
  tally,
  client,
  instance,
  replica,
  whenHidden = () => () => {},
}: TelemetryOptions): Telemetry {
  let pending: { readonly batch: Batch; readonly body: string } | null = null
  let sending: Promise<void> | null = null
  let abort = new AbortController()
  let cancel: Cancel = () => {}
  let dueAt = Number.POSITIVE_INFINITY
  let quietUntil = 0
  let failures = 0

  const plan = (ms: number) => {
    const at = Math.max(clock.monotonic() + ms, quietUntil)
    if (at >= dueAt) return
    cancel()
    dueAt = at
    cancel = clock.after(at - clock.monotonic(), flush)
  }
  const aboutAMinute = () => INTERVAL_MS * (0.75 + clock.random() / 2)
  const beQuiet = (ms: number) => {
    quietUntil = clock.monotonic() + ms
  }

  const next = () => {
    const batch = tally.take()
    return (
      batch && {
        batch,
        body: bodyOf(batch, { client, instance, applied: replica.current!.id }, clock.random),
      }
    )
  }

  /** Resolves with true where the server has taken it, so that another one may follow. */
  const send = async (): Promise<boolean> => {
    if (clock.monotonic() < quietUntil || !replica.validated) return false
    pending ??= next()
    if (!pending) return false
    abort = new AbortController()
    const { status, retryMs } = await post(endpoint, pending.body, clock, abort)
    if (status === 401 || status === 403) beQuiet(Number.POSITIVE_INFINITY)
    else if (status === 404 || status === 405 || status === 410) beQuiet(UNSUPPORTED_MS)
    else if (status < 200 || status === 408 || status === 429 || status >= 500)
      beQuiet(Math.max(retryMs, aboutAMinute() * 2 ** Math.min(failures++, MOST_DOUBLINGS)))
    else {
      if (status >= 300) tally.lose(pending.batch)
      pending = null
      failures = 0
      return true
    }
    return false
  }

  const flush = () => {
    cancel()
    dueAt = Number.POSITIVE_INFINITY
    sending ??= send().then((taken) => {
      sending = null
      plan(taken && tally.hasMore ? 0 : aboutAMinute())
    })
  }

  const stopWatching = whenHidden(flush)
  const close = async () => {
    stopWatching()
    const drain = async () => {
      await sending
      while (await send());
    }
    await new Promise<void>((resolve) => {
      const late = clock.after(CLOSE_MS, resolve, true)
      void drain().then(late).then(resolve)
    })
    beQuiet(Number.POSITIVE_INFINITY)
    cancel()
    abort.abort()
  }

  tally.onNews = (news) => plan(news === 'full' ? 0 : SOON_MS * clock.random())
  plan(aboutAMinute())
  return { close }
}

function bodyOf(
  { from, to, counts, events, attributes, dropped }: Batch,
  by: object,
  random: () => number,
): string {
  return JSON.stringify({ batch: uuid(random), ...by, from, to, counts, events, attributes, dropped })
}
