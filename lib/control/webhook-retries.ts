import type { Sent } from '@/lib/outbound/post'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Seconds from one attempt to the next: ten attempts in some three days. The schedule that Standard Webhooks names. */
const PAUSES = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
const JITTER = 0.2
const LONGEST_RETRY_AFTER = 24 * HOUR
/** Of what is sent in order, everything newer waits: so it is looked for again soon, and never passed over. */
const LONGEST_IN_ORDER = 5 * MINUTE
/** Newer messages wait for one that was tried less often, so that a short outage keeps their order. */
const HELD_ATTEMPTS = 3
const KEPT_OF_ANSWER = 1_000

/** What an attempt comes to. `pause`: seconds until the next one. */
export type Verdict = { answered: number | null; answer: string } & (
  | { status: 'delivered' }
  | { status: 'failed'; gone: boolean }
  | { status: 'pending'; pause: number; holds: boolean }
)

/** In seconds from now; null where the header says nothing that can be read. */
function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  const isDate = / GMT$/.test(header)
  if (!isDate && !/^\d{1,9}$/.test(header)) return null
  const seconds = isDate ? (Date.parse(header) - now) / 1_000 : Number(header)
  if (Number.isNaN(seconds)) return null
  return Math.min(Math.max(seconds, 1), LONGEST_RETRY_AFTER)
}

/** What Postgres can keep of an answer. */
const kept = (text: string) =>
  text
    .replaceAll('\0', '')
    .slice(0, KEPT_OF_ANSWER)
    .replace(/[\ud800-\udbff]$/, '') // half a character

/** Whether it is the endpoint that has a problem, not this message. */
const isItsOwn = (status: number | null) =>
  status === null || status >= 500 || status === 429 || status === 408

/**
 * What follows from the nth attempt, from 1 on. 2xx is delivered, 410 means gone, everything else is tried again; what is
 * sent `inOrder` until it is delivered. `chance`: from 0 to 1, spreads those that failed together. `now`: epoch ms.
 */
export function judge(sent: Sent, attempt: number, chance: number, now: number, inOrder = false): Verdict {
  const { status } = sent
  const answer = kept(status === null ? sent.problem : sent.body)
  const seen = { answered: status, answer }
  if (status !== null && status >= 200 && status < 300) return { ...seen, status: 'delivered' }
  const usual = PAUSES[attempt - 1]
  const pause = inOrder ? Math.min(usual ?? LONGEST_IN_ORDER, LONGEST_IN_ORDER) : usual
  if (status === 410 || pause === undefined) return { ...seen, status: 'failed', gone: status === 410 }
  const asked = status === 429 || status === 503 ? retryAfter(sent.retryAfter, now) : null
  return {
    ...seen,
    status: 'pending',
    // Never sooner than was asked for
    pause: asked === null ? pause * (1 + JITTER * (2 * chance - 1)) : asked * (1 + JITTER * chance),
    holds: inOrder || (isItsOwn(status) && attempt < HELD_ATTEMPTS),
  }
}
