import { setTimeout as sleep } from 'node:timers/promises'
import { compareIds, type EvaluationContext, parseId } from '@/lib/evaluation'
import { type Ask, CORS, json, problem, type Reply } from './answer'
import type { ChangeFeed } from './change-feed'
import type { Coding, Environment } from './environment'
import { residual } from './residual'
import type { KeyView, View } from './view'

const BEHIND_WAIT_MS = 300 // a node this far behind is not catching up soon: let another one answer

export const CACHE: Record<View, string> = {
  // Rules are secret: only the client itself may keep them, and must ask each time.
  server: 'private, no-cache',
  // What browsers may see is public; a CDN holds it for a second and serves it while we are away.
  full: 'public, max-age=0, s-maxage=1, stale-while-revalidate=30, stale-if-error=86400',
}

const MOST_KNOWN = 100 // what browsers and SDKs send: a handful
const known = new Map<string, Coding>()

/** The best coding both sides have. */
export function codingFor(accept = ''): Coding {
  const before = known.get(accept)
  if (before !== undefined) return before
  const coding = bestCoding(accept)
  if (known.size < MOST_KNOWN) known.set(accept, coding)
  return coding
}

/** RFC 9110, 12.5.3; a weight of 0 refuses. */
function bestCoding(accept: string): Coding {
  const refused = (name: string) =>
    new RegExp(`(^|,)\\s*${name}\\s*;\\s*q=0(\\.0*)?\\s*(,|$)`, 'i').test(accept)
  const named = (name: string) =>
    new RegExp(`(^|,)\\s*${name}\\s*(;|,|$)`, 'i').test(accept) && !refused(name)
  if (named('br')) return 'br'
  return named('gzip') ? 'gzip' : 'identity'
}

/** The ETag of a state in one of its codings. */
export const tagFor = (id: string, view: View, coding: Coding) => `"${id}-${view}-${coding}"`

/** Whether the client holds this very state, in whichever coding it was sent. */
function unchanged(header: string | undefined, id: string, view: View): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '').startsWith(`"${id}-${view}-`))
}

const FRESH: Record<View, Readonly<Record<string, string>>> = {
  server: { 'Cache-Control': CACHE.server, Vary: 'Accept-Encoding' },
  full: { 'Cache-Control': CACHE.full, Vary: 'Accept-Encoding', ...CORS },
}

export function headersFor(view: View, staleSince: number | null): Readonly<Record<string, string>> {
  if (staleSince === null) return FRESH[view]
  return { ...FRESH[view], 'X-Jackstaff-Stale': new Date(staleSince).toISOString() }
}

/** Whether a version, or a newer one, is here within a short wait. */
export async function caughtUp(
  environment: Environment,
  min: string,
  nudge: () => Promise<void>,
): Promise<boolean> {
  const deadline = Date.now() + BEHIND_WAIT_MS
  while (compareIds(environment.id, min) < 0) {
    const left = deadline - Date.now()
    if (left <= 0) return false
    await Promise.race([nudge(), sleep(left)])
    await sleep(10)
  }
  return true
}

type Feed = Pick<ChangeFeed, 'staleSince' | 'nudge' | 'refillWithin'>

/** Why this node cannot answer a request that names versions; null when it can. */
async function unready(ask: Ask, environment: Environment, feed: Feed): Promise<Reply | null> {
  for (const name of ['min', 'since']) {
    const id = ask.query.get(name)
    if (id !== null && !parseId(id))
      return problem(400, 'Malformed id', `${name}: use an id such as 1.42.0a1b2c3d`)
  }
  const min = ask.query.get('min')
  if (min === null || (await caughtUp(environment, min, () => feed.nudge()))) return null
  const detail = `this node holds ${environment.id}, not yet ${min}: try again`
  return problem(503, 'Behind', detail, { 'Retry-After': '1' })
}

async function patchesSince(since: string, environment: Environment, view: View, feed: Feed) {
  if (since === environment.id) return []
  const known = environment.backlog.since(view, since)
  if (known) return known
  await feed.refillWithin(BEHIND_WAIT_MS, environment)
  return environment.backlog.since(view, since)
}

/** `POST /config/residual`: what is left of the config for one context. */
export async function configForContext(
  ask: Ask,
  environment: Environment,
  feed: Feed,
  look: (context: EvaluationContext) => void,
): Promise<Reply> {
  return (await unready(ask, environment, feed)) ?? residual(ask, environment, feed.staleSince, look)
}

/** `GET /config`: the compiled config, or with `since` the patches that lead to it. */
export async function config(ask: Ask, environment: Environment, view: KeyView, feed: Feed): Promise<Reply> {
  if (view === 'residual')
    return problem(
      403,
      'Rules withheld',
      'this key receives no rules: POST the evaluation context to /config/residual, or create a key of mode "full"',
    )
  const notYet = await unready(ask, environment, feed)
  if (notYet) return notYet
  const since = ask.query.get('since')
  const headers = headersFor(view, feed.staleSince)
  if (since !== null) {
    const patches = await patchesSince(since, environment, view, feed)
    return patches
      ? json(200, { patches }, { ...headers, 'Cache-Control': 'no-store' })
      : problem(410, 'Too old', `patches since ${since} are not held: fetch the whole config`)
  }
  if (unchanged(ask.header('if-none-match'), environment.id, view)) {
    const tag = tagFor(environment.id, view, codingFor(ask.header('accept-encoding')))
    return { status: 304, headers: { ...headers, ETag: tag }, body: null }
  }
  const coding = codingFor(ask.header('accept-encoding'))
  const id = environment.id
  const body = await environment.body(view, coding)
  return {
    status: 200,
    body,
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      ETag: tagFor(id, view, coding),
      ...(coding === 'identity' ? {} : { 'Content-Encoding': coding }),
    },
  }
}
