import { Agent, request } from 'node:http'

export type Taken = { ms: number; status: number; gzip: boolean; body: Buffer }

const agent = new Agent({ keepAlive: true })

/** One request over a connection that stays open, as a browser has it: until the last byte, as it travelled. */
export function take(url: string, headers: Record<string, string>): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const asked = request(url, { agent, headers: { ...headers, 'accept-encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          ms: performance.now() - began,
          status: response.statusCode!,
          gzip: response.headers['content-encoding'] === 'gzip',
          body: Buffer.concat(chunks),
        }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}
