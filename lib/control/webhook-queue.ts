import { sql } from 'drizzle-orm'
import { db } from '@/db/client'
import type { EntryActor } from '@/db/schema'
import type { WebhookPayload } from '@/db/webhooks'
import type { JsonValue } from '@/lib/evaluation'
import { namesOf } from './actor-names'
import { entryView, publishedBy } from './audit'
import type { Content, Told } from './webhook-message'
import type { Verdict } from './webhook-retries'
import { unsealed } from './webhook-sealed'

// Nodes share the endpoints by leases, at the clock of the database: an endpoint is sent to by one node at a time.

const LEASE = sql`now() + interval '30 seconds'` // three times what an attempt may take
const HOPELESS = sql`interval '5 days'`
const FORGOTTEN = sql`now() - interval '30 days'`
const PRUNED_AT_ONCE = 1_000

/**
 * The id of the next delivery of `webhook w`: the oldest that is due and waits for none. One that failed lately is
 * waited for by those after it, so that the order of changes holds through a short outage.
 */
const next = sql`
  select d.id from webhook_delivery d
  where d.webhook_id = w.id and d.status = 'pending' and d.next_at <= now() and not exists (
    select from webhook_delivery e
    where e.webhook_id = w.id and e.status = 'pending' and e.holds and e.next_at > now() and e.id < d.id)
  order by d.id limit 1`

/** Takes at most `most` endpoints that have something due and that nobody sends to: those that waited longest. */
export async function claim(lease: string, most: number): Promise<string[]> {
  // "no key": whoever refers to the row, as the outbox of a change would, is not waited for.
  const rows = await db('jobs').execute<{ id: string }>(sql`
    with free as materialized (
      select w.id from webhook w
      where w.enabled and (w.leased_until is null or w.leased_until < now()) and exists (${next})
      order by w.leased_until nulls first limit ${most} for no key update skip locked)
    update webhook set lease = ${lease}, leased_until = ${LEASE} from free where webhook.id = free.id
    returning webhook.id`)
  return rows.map(({ id }) => id)
}

/** What is to be sent now. */
export type Due = {
  delivery: number
  message: string
  /** The number of this attempt, from 1 on. */
  attempt: number
  webhook: string
  /** The project that has it; null: the installation. */
  project: string | null
  content: Content
  /** Its address, and the secrets that sign. Throws where they were sealed by another JACKSTAFF_SECRET. */
  open(): { url: string; secrets: string[] }
}

type DueRow = {
  webhook: string
  url: string
  payload: WebhookPayload
  secret: string
  previous: string | null
  delivery: string
  message: string
  attempts: number
  heads: JsonValue
  made: number
  audit: string
  at: number
  project: string | null
  action: string
  target: string
  environment: string | null
  actor: EntryActor
  before: JsonValue
  after: JsonValue
  reason: string | null
}

async function toldBy(row: DueRow, project: string): Promise<Told> {
  const { action, target, environment, before, after, reason } = row
  const audit = Number(row.audit)
  const versions = (await publishedBy(db('jobs'), [{ id: audit }])).get(audit)!
  const actor = (await namesOf(db('jobs'), [row.actor]))(row.actor)
  const at = new Date(row.at)
  return { at, project, action, target, environment, actor, before, after, reason, versions }
}

async function contentOf(row: DueRow): Promise<Content> {
  if (row.project !== null) return { told: await toldBy(row, row.project), payload: row.payload }
  if (row.heads !== null) return { heads: row.heads, at: new Date(row.made) }
  return { entry: await entryView(db('jobs'), Number(row.audit)) }
}

/** Renews a lease, and takes the next delivery of its endpoint; null where none is due, or the lease is another's. */
export async function take(webhook: string, lease: string): Promise<Due | null> {
  const [row] = await db('jobs').execute<DueRow>(sql`
    with w as (
      update webhook set leased_until = ${LEASE}
      where id = ${webhook} and lease = ${lease} and enabled returning *)
    select w.id as webhook, w.url, w.payload, w.secret,
      case when w.previous_until > now() then w.previous_secret end as previous,
      d.id as delivery, d.message_id as message, d.attempts, d.heads,
      (extract(epoch from d.created_at) * 1000)::float8 as made,
      a.id as audit, (extract(epoch from a.at) * 1000)::float8 as at, p.key as project, a.action, a.target,
      a.environment, a.actor, a.before, a.after, a.reason
    from w cross join lateral (${next}) due
      join webhook_delivery d on d.id = due.id
      left join project p on p.id = w.project_id
      left join audit a on a.id = d.audit_id`)
  if (!row) return null
  return {
    delivery: Number(row.delivery),
    message: row.message,
    attempt: row.attempts + 1,
    webhook,
    project: row.project,
    content: await contentOf(row),
    open: () => ({
      url: unsealed('url', webhook, row.url),
      secrets: [row.secret, row.previous].flatMap((each) => (each ? unsealed('secret', webhook, each) : [])),
    }),
  }
}

/** Records an attempt. Answers with whether the endpoint has failed for days on end. */
export async function settle(due: Due, lease: string, verdict: Verdict, elapsedMs: number): Promise<boolean> {
  const pause = verdict.status === 'pending' ? verdict.pause : 0
  const holds = verdict.status === 'pending' && verdict.holds
  const [row] = await db('jobs').execute<{ hopeless: boolean | null }>(sql`
    with held as (
      update webhook set failing_since = case
        when ${verdict.status} = 'delivered' then null else coalesce(failing_since, now()) end
      where id = ${due.webhook} and lease = ${lease} returning id, failing_since),
    settled as (
      update webhook_delivery set status = ${verdict.status}, attempts = attempts + 1, holds = ${holds},
        next_at = now() + make_interval(secs => ${pause}::float8), last_at = now(), elapsed_ms = ${elapsedMs},
        answered = ${verdict.answered}, answer = ${verdict.answer}
      from held where webhook_delivery.id = ${due.delivery})
    select failing_since < now() - ${HOPELESS} as hopeless from held`)
  return row?.hopeless === true
}

/** Gives an endpoint back. */
export async function release(webhook: string, lease: string): Promise<void> {
  await db('jobs').execute(
    sql`update webhook set lease = null, leased_until = now() where id = ${webhook} and lease = ${lease}`,
  )
}

/** Forgets some deliveries that are old, or whose endpoint was deleted while they were written. */
export async function prune(): Promise<void> {
  await db('jobs').execute(sql`
    delete from webhook_delivery where id in (
      select d.id from webhook_delivery d
      where d.created_at < ${FORGOTTEN} or not exists (select from webhook w where w.id = d.webhook_id)
      limit ${PRUNED_AT_ONCE} for update skip locked)`)
}

/** What the whole installation has still to send: how much, and for how long the oldest of it is due. */
export async function backlog(): Promise<{ waiting: number; lagSeconds: number }> {
  const [row] = await db('jobs').execute<{ waiting: number; lag: number }>(sql`
    select count(*)::int as waiting,
      coalesce(extract(epoch from now() - min(d.next_at)), 0)::float8 as lag
    from webhook_delivery d join webhook w on w.id = d.webhook_id
    where d.status = 'pending' and w.enabled`)
  return { waiting: row!.waiting, lagSeconds: Math.max(0, row!.lag) }
}
