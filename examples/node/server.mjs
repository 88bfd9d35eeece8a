import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { OpenFeature, ProviderEvents } from '@openfeature/server-sdk'
import { client, flagsFor } from './flags.mjs'
import { content, page } from './page.mjs'

const style = await readFile(new URL('style.css', import.meta.url))

/** Each open page: how to send it its content anew. */
const open = new Set()
client.addHandler(ProviderEvents.ConfigurationChanged, () => {
  for (const send of open) send()
})

const routes = {
  '/': async (visitor, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
    response.end(page(visitor, await flagsFor(visitor)))
  },
  '/changes': (visitor, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const send = async () => response.write(`data: ${JSON.stringify(content(await flagsFor(visitor)))}\n\n`)
    open.add(send)
    response.on('close', () => open.delete(send))
    send() // what changed while the page was on its way
  },
  '/style.css': (_, response) => response.writeHead(200, { 'Content-Type': 'text/css' }).end(style),
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const visitor = searchParams.get('visitor')
  const route = Object.hasOwn(routes, pathname) && routes[pathname]
  if (!route) response.writeHead(404).end()
  else if (!visitor) response.writeHead(303, { Location: `/?visitor=${randomUUID().slice(0, 8)}` }).end()
  else route(visitor, response)
})

const port = process.env.PORT ?? 3200
server.listen(port, () => console.log(`http://localhost:${port}`))

process.once('SIGTERM', async () => {
  server.close()
  server.closeAllConnections()
  await OpenFeature.close()
})
