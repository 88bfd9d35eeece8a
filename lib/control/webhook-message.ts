import { createHmac } from 'node:crypto'
import type { ActorRef } from '@/db/schema'
import type { WebhookPayload } from '@/db/webhooks'
import { describeEntry } from '@/lib/describe-entry'
import type { JsonValue } from '@/lib/evaluation'
import { paths } from '@/lib/paths'

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
const MOST_LINES = 20
const MOST_OF_A_LINE = 300
const MOST_OF_A_SECTION = 2_900 // Slack takes 3,000

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

const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

function asSlack(told: Told, dashboard: string): string {
  const said = describeEntry(told)
  const lines = said.slice(0, MOST_LINES).map((line) => escaped(cut(line, MOST_OF_A_LINE)))
  if (said.length > MOST_LINES) lines.push(`and ${said.length - MOST_LINES} more`)
  const where = told.environment === null ? told.project : `${told.project} / ${told.environment}`
  const head = `*<${urlOf(told, dashboard)}|${escaped(told.target)}>* in ${escaped(where)}`
  const why = told.reason === null ? [] : [`> ${escaped(cut(told.reason.replaceAll(/\s+/g, ' '), 500))}`]
  const who = escaped(told.actor.name)
  const section = cut([head, ...lines, ...why].join('\n'), MOST_OF_A_SECTION)
  return JSON.stringify({
    text: cut(`${who}: ${lines.join('; ')} (${escaped(told.target)}, ${escaped(where)})`, MOST_OF_A_SECTION),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: section } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `${who}, ${told.at.toISOString()}` }] },
    ],
  })
}

/** The body of a message. `dashboard`: where people look, without a slash at the end. */
export function bodyOf(told: Told, payload: WebhookPayload, dashboard: string): string {
  return payload === 'slack' ? asSlack(told, dashboard) : asJson(told, dashboard)
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
