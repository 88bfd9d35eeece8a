import type { IncomingMessage, ServerResponse } from 'node:http'
import { db, sql } from '@/db/client'
import { env } from '@/lib/env'
import { compareIds } from '@/lib/evaluation'
import { log } from '@/lib/log'
import { loadRegex } from '@/lib/regex'
import { type Ask, CORS, json, problem, type Reply } from './answer'
import { authenticate } from './authenticate'
import { ChangeFeed, type FeedEvents } from './change-feed'
import { config, configForContext } from './config'
import type { Environment } from './environment'
import { FLAGD, flagdDefinition } from './flagd'
import { serveFlagdSync } from './flagd-sync/serve'
import { FlagdStreams } from './flagd-sync/streams'
import { alsoTold } from './followers'
import { type Key, KeyRing } from './keys'
import { EVENTS_PATH } from './ofrep/event-streams'
import { OFREP_ALL, OFREP_ONE, Ofrep } from './ofrep/ofrep'
import { Receipts } from './receipts'
import { StreamHub } from './stream'
import { readBatch } from './telemetry-batch'
import { Usage } from './usage'

const PREFLIGHT = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers':
    'Authorization, X-API-Key, Content-Type, If-None-Match, Last-Event-ID, Cache-Control',
  'Access-Control-Max-Age': '86400',
}

const MAX_DRAINED_BYTES = 8 * 1024 * 1024 // a sender that is cut off amid its body does not hear why
const MAX_TELEMETRY_BYTES = 256 * 1024
const LOOK_MS = 300 // a database that is away must not hold up an answer

export type Delivery = {
  /** Answers a delivery path and returns true; leaves any other request alone. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /** Says goodbye to streams and stops reading. */
  close(): Promise<void>
}

type Context = { feed: ChangeFeed; hub: StreamHub; usage: Usage; ofrep: Ofrep }

function askOf(request: IncomingMessage): Ask {
  const url = new URL(request.url ?? '/', 'http://localhost')
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    header: (name) => {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    async text(limit) {
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size <= limit) chunks.push(chunk)
        else if (size > MAX_DRAINED_BYTES) return null
      }
      return size > limit ? null : Buffer.concat(chunks).toString('utf8')
    },
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(
    status,
    body === null ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) },
  )
  response.end(body ?? undefined)
}

/** The key and its environment, or why not. */
async function admitted(
  { feed }: Context,
  ask: Ask,
): Promise<{ key: Key; environment: Environment } | Reply> {
  const key = await authenticate(feed.keys, ask, () => feed.nudgeWithin(LOOK_MS))
  if ('status' in key) return key
  const environment = feed.environments.get(key.environmentId)
  return environment
    ? { key, environment }
    : problem(503, 'Starting', 'this node has not read the environment yet', { 'Retry-After': '1' })
}

async function openStream(
  context: Context,
  ask: Ask,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let found = await admitted(context, ask)
  const lastId = ask.header('last-event-id')
  if (lastId !== undefined && 'key' in found && compareIds(lastId, found.environment.id) > 0) {
    await context.feed.nudgeWithin(LOOK_MS) // another node was faster than this one
    found = await admitted(context, ask) // the key may have gone meanwhile
  }
  if (response.destroyed) return
  if ('status' in found) return send(response, found)
  response.useChunkedEncodingByDefault = false
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    Connection: 'close',
    ...(found.key.view === 'server' ? {} : CORS),
  })
  response.flushHeaders()
  const { socket } = request
  socket.setTimeout(0)
  socket.setNoDelay(true)
  // A key that may have the rules may also do with less.
  const view = found.key.view === 'full' && ask.query.get('mode') === 'residual' ? 'residual' : found.key.view
  context.hub.join(socket, { ...found.key, view }, found.environment, lastId)
}

/** `GET /ofrep/v1/events`: the event stream that bulk answers name. */
async function openEvents(
  context: Context,
  ask: Ask,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await admitted(context, ask)
  if (response.destroyed) return
  if ('status' in found) return send(response, found)
  if (context.ofrep.listeners.full)
    return send(
      response,
      problem(503, 'Full', 'this node holds as many streams as it can', { 'Retry-After': '5' }),
    )
  context.ofrep.listen(request, response, found, ask.header('last-event-id'))
}

type Route = (context: Context, ask: Ask) => Promise<Reply> | Reply

const getConfig: Route = async (context, ask) => {
  const found = await admitted(context, ask)
  if ('status' in found) return found
  const { feed } = context
  return config(ask, found.environment, found.key.view, {
    staleSince: feed.staleSince,
    nudge: () => feed.nudge(),
  })
}

const postResidual: Route = async (context, ask) => {
  const found = await admitted(context, ask)
  if ('status' in found) return found
  const { feed } = context
  return configForContext(ask, found.environment, { staleSince: feed.staleSince, nudge: () => feed.nudge() })
}

/** `POST /telemetry`: what providers count and applications track, docs/telemetry.md. */
const takeTelemetry: Route = async ({ usage, ...context }, ask) => {
  const found = await admitted({ usage, ...context }, ask)
  if ('status' in found) return found
  const text = await ask.text(MAX_TELEMETRY_BYTES)
  if (text === null)
    return problem(413, 'Too large', `a batch has at most ${MAX_TELEMETRY_BYTES} bytes: send smaller ones`)
  const batch = readBatch(text)
  if (typeof batch === 'string') return problem(400, 'Malformed batch', batch)
  const { environment, key } = found
  const browser = key.view !== 'server'
  const { flags, browser: shown } = environment.state
  const knows = (flag: string) => (browser ? shown.has(flag) : Object.hasOwn(flags, flag))
  usage.add({ environmentId: environment.dbId, browser, knows }, batch)
  return { status: 202, headers: { ...CORS, 'Cache-Control': 'no-store' }, body: null }
}

const evaluateOne: Route = async (context, ask) => {
  const found = await admitted(context, ask)
  return 'status' in found ? found : context.ofrep.one(ask, found)
}

const evaluateAll: Route = async (context, ask) => {
  const found = await admitted(context, ask)
  return 'status' in found ? found : context.ofrep.all(ask, found)
}

const getFlagd: Route = async (context, ask) => {
  const found = await admitted(context, ask)
  return 'status' in found ? found : flagdDefinition(ask, found, context.feed.staleSince)
}

const ready: Route = ({ feed }) =>
  feed.ready
    ? json(200, { status: 'ready', environments: feed.environments.size, staleSince: feed.staleSince })
    : json(503, { status: 'starting' })

const routes: readonly { method: string; matches: (path: string) => boolean; run: Route }[] = [
  { method: 'GET', matches: (path) => path === '/config', run: getConfig },
  { method: 'POST', matches: (path) => path === '/config/residual', run: postResidual },
  { method: 'POST', matches: (path) => path === '/telemetry', run: takeTelemetry },
  { method: 'POST', matches: (path) => OFREP_ONE.test(path), run: evaluateOne },
  { method: 'POST', matches: (path) => path === OFREP_ALL, run: evaluateAll },
  { method: 'GET', matches: (path) => FLAGD.test(path), run: getFlagd },
  { method: 'GET', matches: (path) => path === '/healthz', run: () => json(200, { status: 'ok' }) },
  { method: 'GET', matches: (path) => path === '/readyz', run: ready },
]

const STREAM = '/config/stream'
const isOurs = (path: string) =>
  path === STREAM || path === EVENTS_PATH || routes.some((route) => route.matches(path))

async function answer(context: Context, ask: Ask): Promise<Reply> {
  if (ask.method === 'OPTIONS') return { status: 204, headers: PREFLIGHT, body: null }
  const method = ask.method === 'HEAD' ? 'GET' : ask.method
  const named = routes.filter((route) => route.matches(ask.path))
  const route = named.find((candidate) => candidate.method === method)
  if (route) return route.run(context, ask)
  const allowed = named.map((candidate) => candidate.method).join(', ') || 'GET'
  return problem(405, 'Wrong method', `${ask.path} answers ${allowed}`, { Allow: allowed })
}

/** Starts delivery against the database that `lib/env` names; resolves once every environment is in memory. */
export async function startDelivery(): Promise<Delivery> {
  await loadRegex().catch((error) => {
    log.error({ err: error }, 'the regular expressions do not load: flags with patterns are malformed here')
  })
  let receipts: Receipts | undefined
  const hub = new StreamHub((sent) => receipts?.sent(sent))
  const flagd = new FlagdStreams()
  const ofrep: Ofrep = new Ofrep(() => feed.nudge())
  const watching: FeedEvents = {
    step: (environment, step) => hub.step(environment, step),
    reset: (environment) => hub.reset(environment),
    revoked: (ids) => hub.revoke(ids),
    removed: (environment) => hub.remove(environment),
    lost: (error) => log.warn({ err: error }, 'the database is away: configs are served from memory'),
    found: () => log.info('the database is back'),
  }
  const feed = new ChangeFeed(db('delivery'), new KeyRing(), alsoTold(watching, [ofrep.listeners, flagd]))
  await feed.start()
  receipts = new Receipts(db('delivery'), feed, hub, (error) =>
    log.warn({ err: error }, 'receipts not written'),
  )
  const nudge = () => void feed.nudge()
  await sql('delivery').listen('jackstaff', nudge, nudge)
  const usage = new Usage(db('delivery'), (error) => log.warn({ err: error }, 'counts not written'))
  const context = { feed, hub, usage, ofrep }
  const sync =
    env.grpcPort === undefined
      ? null
      : await serveFlagdSync(feed, flagd, { host: env.host, port: env.grpcPort, tls: env.grpcTls })

  return {
    handle(request, response) {
      const path = (request.url ?? '/').split('?', 1)[0]!
      if (!isOurs(path)) return false
      const ask = askOf(request)
      const failed = (error: unknown) => {
        log.error({ err: error, path }, 'delivery request failed')
        if (response.headersSent) response.destroy()
        else send(response, problem(500, 'Internal error', 'something failed on our side: the log says what'))
      }
      if (path === STREAM && ask.method === 'GET') openStream(context, ask, request, response).catch(failed)
      else if (path === EVENTS_PATH && ask.method === 'GET')
        openEvents(context, ask, request, response).catch(failed)
      else
        answer(context, ask)
          .then((reply) => send(response, reply))
          .catch(failed)
      return true
    },
    async close() {
      hub.close()
      ofrep.listeners.close()
      flagd.close()
      await sync?.close()
      await feed.stop()
      await receipts?.stop()
      await usage.stop(feed.away)
    },
  }
}
