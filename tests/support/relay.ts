import { createServer, request } from 'node:http'
import { freePort } from './process'

export type Relay = { readonly url: string; readonly paths: readonly string[]; close(): void }

/** Passes requests on to a server, streams included, and remembers what was asked for. */
export async function relayTo(target: string): Promise<Relay> {
  const paths: string[] = []
  const server = createServer((near, answer) => {
    paths.push(near.url!)
    const far = request(target + near.url, { method: near.method, headers: near.headers }, (response) => {
      answer.writeHead(response.statusCode!, response.headers)
      response.pipe(answer)
    })
    far.on('error', () => answer.destroy())
    answer.on('close', () => far.destroy())
    near.pipe(far)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${port}`, paths, close }
}
