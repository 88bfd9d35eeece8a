import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import next from 'next'
import { closeDatabase } from './db/client'
import { type Embedded, startEmbedded } from './db/embedded'
import { migrate } from './db/migrate'
import { closeBreakGlass, isBreakGlassOn } from './lib/auth/break-glass'
import { firstStart } from './lib/auth/first-start'
import { tellHeads } from './lib/control/audit-heads'
import { beginChains } from './lib/control/events'
import { watchMisusedKeys } from './lib/control/misused-keys'
import { mendRewoundHistories } from './lib/control/raise-epoch'
import { startWebhooks } from './lib/control/webhook-worker'
import { installationSecret } from './lib/data-dir'
import { type Delivery, startDelivery } from './lib/delivery/server'
import { env, logLevel, provide } from './lib/env'
import { LONGEST_WAIT_MS } from './lib/http/in-time'
import { type Lane, lane } from './lib/http/lane'
import { securityHeaders } from './lib/http/security-headers'
import { startPlannedChanges } from './lib/jobs/planned-changes'
import { startRetention } from './lib/jobs/retention'
import { addressOf } from './lib/limits/request-address'
import { listen, serverOptions } from './lib/listen'
import { log } from './lib/log'
import { loopDelay } from './lib/loop-delay'
import { metrics } from './lib/metrics/metrics'
import { serveMetrics } from './lib/metrics/serve'
import { isLoopback } from './lib/outbound/endpoint'
import { startTracing } from './lib/start-tracing'
import { stopOnSignals, stopping, stopWhileStarting } from './lib/stop'

// One process, one port: delivery paths are answered first, on plain node:http; Next has the rest.

const ROOT = fileURLToPath(new URL('..', import.meta.url)) // this file runs from dist/

const say = (line: string) => process.stdout.write(`${line}\n`)

const starting: RequestListener = (_, response) => {
  response
    .writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' })
    .end('Jackstaff is starting.\n')
}

async function database(): Promise<Embedded | null> {
  const dataDir = resolve(ROOT, env.dataDir)
  if (!env.secret) provide('JACKSTAFF_SECRET', installationSecret(dataDir))
  const embedded = env.databaseUrl ? null : await startEmbedded(dataDir)
  if (embedded) {
    say(
      embedded.recovered
        ? `Found the embedded Postgres still running in ${embedded.home}: using it.`
        : `Embedded Postgres runs in ${embedded.home}.`,
    )
    provide('DATABASE_URL', embedded.url)
    embedded.watch((error) =>
      error
        ? log.error({ err: error }, 'the embedded Postgres ended, and does not start')
        : log.warn('the embedded Postgres had ended: it runs again'),
    )
  }
  return embedded
}

const LATE_MS = 50
const isLate = () => loopDelay() > LATE_MS
const reads = lane(8, 1_000, isLate)
const writes = lane(4, 500, isLate)
const isKill = (url: string) => /^\/api\/v1\/.*\/kill$/.test(url)

/** A kill and its end pass every queue: their lane has no end. */
function laneOf({ method, url = '/' }: IncomingMessage): Lane | null {
  if ((method === 'PUT' || method === 'DELETE') && isKill(url)) return null
  return method === 'GET' || method === 'HEAD' ? reads : writes
}

const refusals = {
  400: { title: 'Malformed request', detail: 'the address holds a % that begins no character' },
  405: { title: 'Wrong method', detail: 'use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS' },
  503: { title: 'Busy', detail: 'too many requests wait: try again shortly' },
}

function refuse(response: ServerResponse, status: keyof typeof refusals): void {
  const headers = {
    'Content-Type': 'application/problem+json',
    ...(status === 503 && { 'Retry-After': '1' }),
  }
  response.writeHead(status, headers)
  response.end(JSON.stringify({ type: 'about:blank', status, ...refusals[status] }))
}

const planeOf = (url: string) => (/^\/(api|scim)\//.exec(url)?.[1] ?? 'page') as string

/** Next answers 500 to what `Request` does not take, such as TRACE. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const known = (method: string) => (METHODS.has(method) ? method : 'other')

/** Next answers 500 where a path cannot be decoded. */
function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0]!)
    return true
  } catch {
    return false
  }
}

function serve(delivery: Delivery, pages: RequestListener): RequestListener {
  const secure = env.publicUrl.startsWith('https:')
  return (request, response) => {
    if (delivery.handle(request, response)) return
    const arrived = performance.now()
    const headers = securityHeaders(secure)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    request.headers['content-security-policy'] = headers['content-security-policy']
    request.headers['x-jackstaff-client'] = addressOf(request)
    request.headers['x-jackstaff-path'] = request.url
    request.headers['x-jackstaff-arrived'] = String(arrived)
    if (!METHODS.has(request.method ?? '')) return refuse(response, 405)
    if (!isDecodable(request.url ?? '/')) return refuse(response, 400)
    const enter = laneOf(request)
    const late = setTimeout(() => refuse(response, 503), LONGEST_WAIT_MS)
    const start = () => {
      clearTimeout(late)
      pages(request, response)
    }
    response.once('close', () => {
      clearTimeout(late)
      const { method = 'GET', url = '/' } = request
      const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'cut'
      const seconds = (performance.now() - arrived) / 1_000
      metrics().requests.observe({ plane: planeOf(url), method: known(method), status }, seconds)
    })
    if (enter === null) start()
    else if (!enter(response, start)) refuse(response, 503)
  }
}

/** Plain http is for this machine alone. */
function isExposed(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'http:' && !isLoopback(hostname)
}

async function main(): Promise<void> {
  stopWhileStarting()
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  let answer = starting
  const server = createServer(serverOptions, (request, response) => answer(request, response))
  await listen(server) // before anything else: a second start stops here and touches nothing

  const stopTracing = await startTracing()
  const embedded = await database()
  provide('NEXTAUTH_URL', env.publicUrl)
  await migrate(env.databaseUrl!, join(ROOT, 'db', 'migrations'))
  await beginChains()
  await closeBreakGlass()
  const setUpLink = await firstStart()
  const app = next({
    dev: false,
    dir: ROOT,
    httpServer: server,
    port: env.port,
    hostname: env.host ?? 'localhost',
  })
  const stopWatching = watchMisusedKeys((error) => log.warn({ err: error }, 'misused keys not recorded'))
  const [delivery] = await Promise.all([startDelivery(), app.prepare(), mendRewoundHistories()])
  const stopPlannedChanges = startPlannedChanges()
  const stopRetention = startRetention()
  const heads = tellHeads()
  const webhooks = startWebhooks()
  const stopMetrics = await serveMetrics()
  answer = serve(delivery, app.getRequestHandler())
  stopOnSignals(server, {
    refuse: () => {
      answer = stopping
      stopWatching()
    },
    leave: () => delivery.leave(),
    finish: async () => {
      await Promise.all([delivery.close(), webhooks.close()])
    },
    close: async () => {
      stopMetrics()
      await stopPlannedChanges()
      await stopRetention()
      await heads.stop()
      await closeDatabase()
      await embedded?.stop()
      await stopTracing()
    },
  })

  say(`Jackstaff serves ${env.publicUrl}`)
  if (isExposed(env.publicUrl))
    say(
      'Anyone on the way can read sessions and keys over http: put TLS in front and set PUBLIC_URL to https.',
    )
  if (isBreakGlassOn()) say('The break-glass account is on: whoever has its passphrase is an admin.')
  if (setUpLink) say(`\n  Set up the first admin (works once, for 30 minutes):\n  ${setUpLink}\n`)
  else say('Sign in with the link that `npm run sign-in-link` prints.')
}

main().catch((error: unknown) => {
  process.stderr.write(`Jackstaff could not start: ${(error as Error).message}\n`)
  if (logLevel() === 'debug') process.stderr.write(`${(error as Error).stack}\n`)
  process.exit(1)
})
