import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { freePort, until } from './process'

export type Received = {
  path: string
  headers: IncomingHttpHeaders
  body: string
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on shapes; a type would hide a wrong one
  json: any
  at: number
}

type Answering = (response: ServerResponse, received: Received) => void

/** An application that is told of changes: it keeps what comes, and answers 204 until it is told to do otherwise. */
export async function startReceiver() {
  const received: Received[] = []
  const fine: Answering = (response) => response.writeHead(204).end()
  const answers = new Map<string, Answering>()
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const one = { path, headers: request.headers, body, json: JSON.parse(body), at: performance.now() }
    received.push(one)
    const answer = answers.get(path) ?? fine
    answer(response, one)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const at = (path: string) => received.filter((one) => one.path === path)
  return {
    url: `http://127.0.0.1:${port}`,
    at,
    /** The requests at a path, once there are so many. */
    async come(path: string, count: number, withinMs = 20_000): Promise<Received[]> {
      await until(
        `${count} requests at ${path}, ${at(path).length} came`,
        () => at(path).length >= count,
        withinMs,
      )
      return at(path)
    },
    answer: (path: string, answering: Answering) => answers.set(path, answering),
    answerWith: (path: string, status: number, headers: Record<string, string> = {}, body = '') =>
      answers.set(path, (response) => response.writeHead(status, headers).end(body)),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>
