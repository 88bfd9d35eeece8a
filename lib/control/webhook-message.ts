import { createHmac } from 'node:crypto'
import type { ActorRef } from '@/db/schema'
import type { WebhookPayload } from '@/db/webhooks'
import { describeEntry } from '@/lib/describe-entry'
import type { JsonValue } from '@/lib/evaluation'
import { paths } from '@/lib/paths'
import type { AuditView } from './views'
import { AUDIT_ENTRY, AUDIT_HEAD } from './webhook-events'

/** A change, as it was recorded. */
export type Told = {
  at: Date
  project: string
  action: string
  target: string
  environment: string | null
  actor: ActorRef
  reason: string | null
  before: JsonValue
  after: JsonValue
  /** Environment key -> config id published by it. */
  versions: Record<string, string>
}

const MOST_BYTES = 256 * 1024
// Slack takes sections of 3,000 characters: a name, a link, these lines and a reason are less.
const MOST_OF_LINES = 1_500
const MOST_OF_A_LINE = 300
const MOST_OF_A_REASON = 550
const MOST_OF_A_NAME = 200

function urlOf({ project, target, environment }: Told, dashboard: string): string {
  const [kind, flag = ''] = target.split(/:(.*)/, 2)
  const path =
    kind === 'flag'
      ? paths.flag({ project, flag, environment: environment ?? undefined })
      : paths.audit({ project })
  return dashboard + path
}

function asJson(told: Told, dashboard: string): string {
  const { at, action, ...rest } = told
  const of = (changes: object) =>
    JSON.stringify({
      type: action,
      timestamp: at.toISOString(),
      data: { action, ...rest, ...changes, url: urlOf(told, dashboard) },
    })
  const body = of({})
  // The dashboard has the rest: no receiver is made to take megabytes.
  return Buffer.byteLength(body) <= MOST_BYTES ? body : of({ before: null, after: null, truncated: true })
}

// https://docs.slack.dev/messaging/formatting-message-text#escaping
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Escaped, and cut between two characters where that is longer than `most`. */
function fitting(text: string, most: number): string {
  let fits = ''
  for (const character of text) {
    const next = escaped(character)
    if (fits.length + next.length >= most) return `${fits}…`
    fits += next
  }
  return fits
}

/** As many lines as there is room for, and how many there are more. */
function linesOf(told: Told): string[] {
  const all = describeEntry(told).map((line) => fitting(line, MOST_OF_A_LINE))
  let left = MOST_OF_LINES
  const kept = all.filter((line) => {
    left -= line.length
    return left >= 0
  })
  return kept.length < all.length ? [...kept, `and ${all.length - kept.length} more`] : kept
}

function asSlack(told: Told, dashboard: string): string {
  const lines = linesOf(told)
  const where = escaped(told.environment === null ? told.project : `${told.project} / ${told.environment}`)
  const target = escaped(told.target)
  const who = fitting(told.actor.name, MOST_OF_A_NAME)
  const why =
    told.reason === null ? [] : [`> ${fitting(told.reason.replaceAll(/\s+/g, ' '), MOST_OF_A_REASON)}`]
  const section = [`*<${urlOf(told, dashboard)}|${target}>* in ${where}`, ...lines, ...why].join('\n')
  return JSON.stringify({
    text: `${who}: ${lines.join('; ')} (${target}, ${where})`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: section } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `${who}, ${told.at.toISOString()}` }] },
    ],
  })
}

/** What is sent: a change to an endpoint of its project, an entry or the ends of the chains to one of the installation. */
export type Content =
  | { told: Told; payload: WebhookPayload }
  | { entry: AuditView }
  | { heads: JsonValue; at: Date }

function asEntry(entry: AuditView): string {
  const of = (changes: object) =>
    JSON.stringify({ type: AUDIT_ENTRY, timestamp: entry.at, data: { ...entry, ...changes } })
  const body = of({})
  return Buffer.byteLength(body) <= MOST_BYTES ? body : of({ before: null, after: null, truncated: true })
}

/** The body of a message. `dashboard`: where people look, without a slash at the end. */
export function bodyOf(content: Content, dashboard: string): string {
  if ('entry' in content) return asEntry(content.entry)
  if ('heads' in content) {
    const { heads, at } = content
    return JSON.stringify({ type: AUDIT_HEAD, timestamp: at.toISOString(), data: { heads } })
  }
  return content.payload === 'slack' ? asSlack(content.told, dashboard) : asJson(content.told, dashboard)
}

/**
 * The headers of Standard Webhooks, one signature for each secret.
 *
 * @param seconds since 1970, of this attempt
 * @example signed('msg_1', 1_790_000_000, '{}', ['whsec_...'])
 */
export function signed(
  id: string,
  seconds: number,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
  })
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Jackstaff-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  }
}
