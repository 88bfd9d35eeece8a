import { createServer } from 'node:http'
import { closeDatabase } from './db/client'
import { startDelivery } from './lib/delivery/server'
import { env } from './lib/env'
import { listen, serverOptions } from './lib/listen'
import { log } from './lib/log'

// Delivery alone: no Next, no React, no writes to flags. Stateless: run as many as there are streams to hold.

const STOP_MS = 4_500

async function main(): Promise<void> {
  if (!env.databaseUrl || !env.secret)
    throw new Error('an edge needs DATABASE_URL and the JACKSTAFF_SECRET of the installation')
  const delivery = await startDelivery()
  const server = createServer(serverOptions, (request, response) => {
    if (delivery.handle(request, response)) return
    response.writeHead(404, { 'Content-Type': 'application/problem+json' })
    response.end(
      JSON.stringify({
        type: 'about:blank',
        title: 'Not found',
        status: 404,
        detail: 'this is an edge: it serves configs and streams',
      }),
    )
  })
  await listen(server)
  process.stdout.write(`Jackstaff edge serves port ${env.port}\n`)

  const stop = async () => {
    setTimeout(() => process.exit(1), STOP_MS).unref()
    server.close()
    await delivery.close()
    server.closeAllConnections()
    await closeDatabase()
    process.exit(0)
  }
  const failed = (error: unknown) => {
    log.error({ err: error }, 'stopping failed')
    process.exit(1)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().catch(failed))
}

main().catch((error: unknown) => {
  process.stderr.write(`The edge could not start: ${(error as Error).message}\n`)
  process.exit(1)
})
