import type { Protocol } from '@/db/usage'
import { parseId } from '@/lib/evaluation'
import { loopDelay } from '@/lib/loop-delay'
import { admitted, type Node } from './admitted'
import { type Ask, CORS, json, problem, type Reply } from './answer'
import type { DeliveryLimit, Refusal } from './budgets'
import { clientName } from './client-name'
import { config, configForContext } from './config'
import { FLAGD, flagdDefinition } from './flagd'
import { countAnswer, gotThere } from './measures'
import { EVENTS_PATH } from './ofrep/event-streams'
import { OFREP_ALL, OFREP_ONE, refuseAll, refuseOne } from './ofrep/ofrep'
import { withinOrigins } from './origins'
import { ready } from './ready'
import { readBatch } from './telemetry-batch'
import { tooMany } from './too-many'
import type { Sender } from './usage'

const PREFLIGHT = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers':
    'Authorization, X-API-Key, Content-Type, If-None-Match, Last-Event-ID, Cache-Control',
  'Access-Control-Max-Age': '86400',
}

const MAX_TELEMETRY_BYTES = 256 * 1024
const LATE_MS = 50 // of the event loop: flags come first, and counts can wait
const TELL_LATER_S = 30
const CONFIRMATION_BYTES = 1_024 // what says no more than that a version has arrived

type Route = (node: Node, ask: Ask) => Promise<Reply> | Reply

type Found = Exclude<Awaited<ReturnType<typeof admitted>>, Reply>

/**
 * A route that takes a key and from its budget, and answers pages as that key says. `protocol`: what asks for it is known
 * as a client of that kind; null: it says nothing of who has flags.
 */
const keyed =
  (
    { limit, protocol, refuse = tooMany }: Kind,
    run: (node: Node, ask: Ask, found: Found) => Promise<Reply> | Reply,
  ): Route =>
  async (node, ask) => {
    const found = await admitted(node, ask)
    if ('status' in found) return found
    const refused = await node.budgets.take(limit, found.key, ask.client())
    if (refused) return withinOrigins(found.key, ask, refuse(refused, ask))
    if (protocol) node.sightings.saw(found.key, protocol, clientName(ask))
    return withinOrigins(found.key, ask, await run(node, ask, found))
  }

type Kind = {
  limit: DeliveryLimit
  protocol: Protocol | null
  refuse?: (refusal: Refusal, ask: Ask) => Reply
}

const CONFIGS = { limit: 'config', protocol: 'config' } as const

const getConfig = keyed(CONFIGS, ({ feed }, ask, { key, environment }) =>
  config(ask, environment, key.view, feed),
)

const postResidual = keyed(CONFIGS, ({ feed, usage }, ask, { environment }) =>
  configForContext(ask, environment, feed, (context) => usage.look(environment.dbId, true, context)),
)

/** Whose evaluations are counted, and which flags there are for them. */
function senderOf({ environment, key }: Found): Sender {
  const browser = key.view !== 'server'
  const knows = (flag: string) =>
    browser ? environment.browser.has(flag) : environment.config('server').flags.has(flag)
  return { environmentId: environment.dbId, browser, knows }
}

/** `POST /telemetry`: what providers count and applications track, docs/telemetry.md. */
const takeTelemetry = keyed({ limit: 'telemetry', protocol: null }, async (node, ask, found) => {
  const { usage, acks } = node
  const { environment, key } = found
  if (loopDelay() > LATE_MS && !(Number(ask.header('content-length')) <= CONFIRMATION_BYTES)) {
    const seconds = Math.round(TELL_LATER_S * (1 + Math.random()))
    return problem(503, 'Busy', 'counts can wait: send this batch again later', {
      'Retry-After': `${seconds}`,
    })
  }
  const text = await ask.text(MAX_TELEMETRY_BYTES)
  if (text === null)
    return problem(413, 'Too large', `a batch has at most ${MAX_TELEMETRY_BYTES} bytes: send smaller ones`)
  const batch = readBatch(text)
  if (typeof batch === 'string') return problem(400, 'Malformed batch', batch)
  const applied = batch.applied === undefined ? null : parseId(batch.applied)
  if (applied && batch.instance !== undefined && acks.add(key, batch.instance, applied)) {
    const { committedAt } = environment
    if (committedAt !== null && batch.applied === environment.id) gotThere('confirmed', committedAt)
  }
  usage.add(senderOf(found), batch)
  return { status: 202, headers: { ...CORS, 'Cache-Control': 'no-store' }, body: null }
})

const evaluateOne = keyed({ limit: 'ofrep', protocol: 'ofrep', refuse: refuseOne }, (node, ask, found) =>
  node.ofrep.one(ask, found, (result) => {
    const client = `ofrep ${clientName(ask)}`.trim()
    node.usage.count(senderOf(found), client, { ...result, count: 1 })
  }),
)
const evaluateAll = keyed({ limit: 'ofrep', protocol: 'ofrep', refuse: refuseAll }, (node, ask, found) =>
  node.ofrep.all(ask, found),
)
const getFlagd = keyed({ limit: 'config', protocol: 'flagd' }, (node, ask, found) =>
  flagdDefinition(ask, found, node.feed.staleSince),
)

const routes: readonly { name: string; method: string; matches: (path: string) => boolean; run: Route }[] = [
  { name: 'config', method: 'GET', matches: (path) => path === '/config', run: getConfig },
  { name: 'residual', method: 'POST', matches: (path) => path === '/config/residual', run: postResidual },
  { name: 'telemetry', method: 'POST', matches: (path) => path === '/telemetry', run: takeTelemetry },
  { name: 'ofrep-one', method: 'POST', matches: (path) => OFREP_ONE.test(path), run: evaluateOne },
  { name: 'ofrep-all', method: 'POST', matches: (path) => path === OFREP_ALL, run: evaluateAll },
  { name: 'flagd', method: 'GET', matches: (path) => FLAGD.test(path), run: getFlagd },
  {
    name: 'healthz',
    method: 'GET',
    matches: (path) => path === '/healthz',
    run: () => json(200, { status: 'ok' }),
  },
  { name: 'readyz', method: 'GET', matches: (path) => path === '/readyz', run: ready },
]

export const STREAM = '/config/stream'
export const isOurs = (path: string) =>
  path === STREAM || path === EVENTS_PATH || routes.some((route) => route.matches(path))

export async function answer(node: Node, ask: Ask): Promise<Reply> {
  if (ask.method === 'OPTIONS') return { status: 204, headers: PREFLIGHT, body: null }
  const method = ask.method === 'HEAD' ? 'GET' : ask.method
  const named = routes.filter((route) => route.matches(ask.path))
  const route = named.find((candidate) => candidate.method === method)
  if (route) {
    const reply = await route.run(node, ask)
    countAnswer(route.name, reply.status)
    return reply
  }
  const allowed = named.map((candidate) => candidate.method).join(', ') || 'GET'
  return problem(405, 'Wrong method', `${ask.path} answers ${allowed}`, { Allow: allowed })
}
