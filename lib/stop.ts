import type { RequestListener, Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { log } from './log'

const STOP_MS = 4_500 // process managers kill after 5 to 10 s
const FINISH_MS = 2_000 // what is under way by then is cut off

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

const stopAtOnce = () => process.exit(0)

/**
 * Ends a process that still starts. The first process of a container needs to be told: signals without a handler pass it by.
 * `stopOnSignals` takes over.
 */
export function stopWhileStarting(): void {
  for (const signal of SIGNALS) process.once(signal, stopAtOnce)
}

/** What a process that ends answers to requests on connections that are open still. */
export const stopping: RequestListener = (_, response) => {
  const body = {
    type: 'about:blank',
    title: 'Stopping',
    status: 503,
    detail: 'this process ends: try again shortly',
  }
  response
    .writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '1', Connection: 'close' })
    .end(JSON.stringify(body))
}

/**
 * Ends the process in order on SIGINT and SIGTERM. `leave` sends streams elsewhere while requests are answered: balancers
 * notice meanwhile. Then `refuse` turns new requests away, `finish` ends what goes on in the background while what was
 * asked before is answered, and `close` closes the rest.
 */
export function stopOnSignals(
  server: Server,
  steps: { leave(): Promise<void>; refuse(): void; finish(): Promise<void>; close(): Promise<void> },
): void {
  const underWay = new Set<ServerResponse>()
  server.prependListener('request', (_, response: ServerResponse) => {
    underWay.add(response)
    response.once('close', () => underWay.delete(response))
  })
  const answerAll = async () => {
    const deadline = Date.now() + FINISH_MS
    for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close')
    while (underWay.size > 0 && Date.now() < deadline) await sleep(10)
    server.closeAllConnections()
  }
  let begun = false
  const stop = async () => {
    if (begun) return
    begun = true
    process.stdout.write('Stopping.\n')
    setTimeout(() => process.exit(1), STOP_MS).unref()
    await steps.leave()
    steps.refuse()
    server.close()
    await Promise.all([steps.finish(), answerAll()])
    await steps.close()
    process.exit(0)
  }
  const failed = (error: unknown) => {
    log.error({ err: error }, 'stopping failed')
    process.exit(1)
  }
  for (const signal of SIGNALS) process.off(signal, stopAtOnce).on(signal, () => void stop().catch(failed))
}
