import { createServer, type RequestListener } from 'node:http'
import { closeDatabase } from './db/client'
import { startDelivery } from './lib/delivery/server'
import { env } from './lib/env'
import { listen, serverOptions } from './lib/listen'
import { serveMetrics } from './lib/metrics/serve'
import { stopOnSignals, stopping, stopWhileStarting } from './lib/stop'

// Delivery alone: no Next, no React, no writes to flags. Stateless: run as many as there are streams to hold.

const elsewhere = {
  type: 'about:blank',
  title: 'Not found',
  status: 404,
  detail: 'this is an edge: it serves configs and streams',
}

async function main(): Promise<void> {
  stopWhileStarting()
  if (!env.databaseUrl || !env.secret)
    throw new Error('an edge needs DATABASE_URL and the JACKSTAFF_SECRET of the installation')
  const delivery = await startDelivery()
  let answer: RequestListener = (request, response) => {
    if (delivery.handle(request, response)) return
    response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(elsewhere))
  }
  const server = createServer(serverOptions, (request, response) => answer(request, response))
  await listen(server)
  const stopMetrics = await serveMetrics()
  stopOnSignals(server, {
    refuse: () => {
      answer = stopping
    },
    leave: () => delivery.leave(),
    finish: () => delivery.close(),
    close: async () => {
      stopMetrics()
      await closeDatabase()
    },
  })
  process.stdout.write(`Jackstaff edge serves port ${env.port}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`The edge could not start: ${(error as Error).message}\n`)
  process.exit(1)
})
