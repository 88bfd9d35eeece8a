import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '@/db/client'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { beforeScrape, metrics } from '@/lib/metrics/metrics'
import { post } from '@/lib/outbound/post'
import type { Allowed } from '@/lib/outbound/target'
import { giveUpStream } from './audit-streams'
import { systemContext } from './context'
import { WEBHOOK_CHANNEL } from './webhook-events'
import { bodyOf, signed } from './webhook-message'
import { backlog, claim, type Due, prune, release, settle, take } from './webhook-queue'
import { judge } from './webhook-retries'
import { giveUpWebhook } from './webhooks'

const LOOK_MS = 1_000 // notifications only make it sooner
const BREATH_MS = 100 // a kill is answered and streamed first: what is told of it shares the process
const PRUNE_MS = 10 * 60_000
const MOST_AT_ONCE = 32
const TURN = { messages: 20, ms: 1_000 } // whoever takes longer waits behind the others
const FINISH_MS = 1_500 // what is under way when the process ends; the rest is sent by the next one

export type Webhooks = { close(): Promise<void> }

const SEALED_OTHERWISE =
  'JACKSTAFF_SECRET has changed since its address and secret were kept: delete it, and create it again.'

function opened(due: Due): ReturnType<Due['open']> | null {
  try {
    return due.open()
  } catch {
    return null
  }
}

/** Sends one message. Answers with why its endpoint is to be turned off, or null. */
async function attempt(
  due: Due,
  lease: string,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<string | null> {
  const endpoint = opened(due)
  if (!endpoint) return SEALED_OTHERWISE
  const body = bodyOf(due.content, env.publicUrl)
  const headers = signed(due.message, Math.floor(Date.now() / 1_000), body, endpoint.secrets)
  const sent = await post(endpoint.url, { headers, body }, { allowed, signal })
  const verdict = judge(sent, due.attempt, Math.random(), Date.now(), due.project === null)
  const isHopeless = await settle(due, lease, verdict, sent.elapsedMs)
  if (verdict.status === 'failed' && verdict.gone) return 'It answered 410: it is gone for good.'
  return isHopeless ? 'Every attempt of the last 5 days failed.' : null
}

async function giveUp({ webhook, project }: Due, problem: string): Promise<void> {
  log.warn({ webhook, project, problem }, 'a webhook was turned off')
  const ctx = systemContext(randomUUID())
  if (project === null) await giveUpStream(ctx, { webhook, problem })
  else await giveUpWebhook(ctx, { project, webhook, problem })
}

/** `closing`: no further message is begun. `stop`: the one that is under way is given up. */
type Ways = { allowed: Allowed; closing: AbortSignal; stop: AbortSignal }

/** Sends to one endpoint, one message after the other, for a turn. */
async function serve(webhook: string, lease: string, { allowed, closing, stop }: Ways): Promise<void> {
  const end = performance.now() + TURN.ms
  try {
    for (let left = TURN.messages; left > 0 && performance.now() < end && !closing.aborted; left--) {
      const due = await take(webhook, lease)
      if (!due) return
      const problem = await attempt(due, lease, allowed, stop)
      if (problem !== null) return await giveUp(due, problem)
    }
  } finally {
    await release(webhook, lease)
  }
}

/** Runs `look` once more than it was asked while it ran, never twice at once. */
function wakeable(look: () => Promise<void>): () => void {
  let running = false
  let wanted = false
  const wake = async () => {
    wanted = true
    if (running) return
    running = true
    while (wanted) {
      wanted = false
      await look()
    }
    running = false
  }
  return () => void wake()
}

/** A failure in words once, until something succeeds: a database that is away is no news each second. */
function complaints() {
  let quiet = false
  return {
    about: (error: unknown) => {
      if (!quiet) log.warn({ err: error }, 'webhooks are not sent for now: they wait in the database')
      quiet = true
    },
    none: () => {
      quiet = false
    },
  }
}

/**
 * Sends what changes left in the outbox, until it is closed. Any number of nodes may do so: each endpoint is sent to by
 * one at a time, in order, at least once.
 */
export function startWebhooks(): Webhooks {
  const closing = new AbortController()
  const stop = new AbortController()
  const ways = { allowed: env.webhookAllow, closing: closing.signal, stop: stop.signal }
  const busy = new Set<Promise<void>>()
  const complain = complaints()

  const begin = (webhook: string, lease: string) => {
    const turn: Promise<void> = serve(webhook, lease, ways).then(
      () => {
        busy.delete(turn)
        wake() // it may have more, or others wait for the place
      },
      (error) => {
        busy.delete(turn)
        if (!stop.signal.aborted) complain.about(error) // and the next look tries again
      },
    )
    busy.add(turn)
  }
  const wake = wakeable(async () => {
    const free = MOST_AT_ONCE - busy.size
    if (closing.signal.aborted || free <= 0) return
    const lease = randomUUID()
    try {
      for (const webhook of await claim(lease, free)) begin(webhook, lease)
      complain.none()
    } catch (error) {
      complain.about(error)
    }
  })
  const hear = () => setTimeout(wake, BREATH_MS).unref()
  const listening = sql('jobs').listen(WEBHOOK_CHANNEL, hear, wake)
  listening.catch(complain.about)
  const looks = setInterval(wake, LOOK_MS)
  const sweep = () => void prune().catch(complain.about)
  const sweeps = setInterval(sweep, PRUNE_MS)
  const stopMeasuring = beforeScrape(async () => {
    const { waiting, lagSeconds } = await backlog()
    metrics().webhooksWaiting.set(waiting)
    metrics().webhookLag.set(lagSeconds)
  })
  sweep()

  return {
    async close() {
      closing.abort()
      clearInterval(looks)
      clearInterval(sweeps)
      stopMeasuring()
      await Promise.race([Promise.all(busy), sleep(FINISH_MS, null, { ref: false })])
      stop.abort()
      await Promise.all(busy)
    },
  }
}
