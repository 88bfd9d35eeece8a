import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@redis/client'
import { freePort } from './process'

/** Redis over REST as Upstash speaks it, before a real redis-server: one command a request, errors as HTTP 400. */
export async function startRestBridge(redisUrl: string, token: string) {
  const client = createClient({ url: redisUrl })
  client.on('error', () => {}) // it comes back by itself
  await client.connect()
  const commands: string[][] = []
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: 'Unauthorized' })
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const command = (JSON.parse(Buffer.concat(chunks).toString()) as unknown[]).map(String)
    commands.push(command)
    await client.sendCommand(command).then(
      (result) => answer(200, { result }),
      (error: Error) => answer(400, { error: error.message }),
    )
  })
  server.listen(await freePort(), '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands: commands as readonly (readonly string[])[],
    close() {
      client.destroy()
      server.close()
      server.closeAllConnections()
    },
  }
}
