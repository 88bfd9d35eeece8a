import { createServer } from 'node:http'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { scrape } from './metrics'

/**
 * `GET /metrics` on a port of its own, which a balancer does not show to the world. Nothing is served where
 * `JACKSTAFF_METRICS_PORT` is not set.
 *
 * @returns how to stop
 */
export async function serveMetrics(): Promise<() => void> {
  const port = env.metricsPort
  if (port === undefined) return () => {}
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('GET /metrics\n')
      return
    }
    scrape().then(
      ({ type, text }) => response.writeHead(200, { 'Content-Type': type }).end(text),
      (err) => {
        log.error({ err }, 'metrics could not be read')
        response.writeHead(500).end()
      },
    )
  })
  await new Promise<void>((done, fail) => {
    server.once('error', () =>
      fail(
        new Error(`JACKSTAFF_METRICS_PORT: port ${port} is in use: stop what listens there, or name another`),
      ),
    )
    server.listen({ port, host: env.host }, done)
  })
  return () => {
    server.closeAllConnections()
    server.close()
  }
}
