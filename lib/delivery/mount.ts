import { env } from '@/lib/env'
import { clientAddress, countedAs } from '@/lib/limits/client-address'
import { log } from '@/lib/log'
import { type Ask, problem, type Reply } from './answer'
import { NO_SNIFFING } from './ask'
import { type Delivery, startDelivery } from './server'

// Delivery where functions answer requests, as serverless hosts have them: Next's own routes. `server.ts` and `edge.ts`
// answer these paths before Next does.

const shared = globalThis as { jackstaffMounted?: Promise<Delivery> | undefined }

/** The node of this process: its first request starts it, or the next one where that failed. */
function mounted(): Promise<Delivery> {
  shared.jackstaffMounted ??= startDelivery().catch((error: unknown) => {
    shared.jackstaffMounted = undefined
    throw error
  })
  return shared.jackstaffMounted
}

/** The host in front wrote the last of these addresses; who stands before it is believed as proxies are trusted. */
function addressOf(request: Request): string {
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const peer = hops.pop()
  return clientAddress(peer, hops.length > 0 ? hops.join(',') : undefined, env.trustedProxies)
}

/** Bodies go out as they are: the host compresses, and Next drops the name of a coding that it did not choose. */
function askOf(request: Request): Ask {
  const { pathname, searchParams } = new URL(request.url)
  return {
    method: request.method,
    path: pathname,
    query: searchParams,
    header: (name) => (name === 'accept-encoding' ? undefined : (request.headers.get(name) ?? undefined)),
    client: () => countedAs(addressOf(request)),
    async text(limit) {
      const chunks: Uint8Array[] = []
      let size = 0
      for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
        size += chunk.length
        if (size > limit) return null
        chunks.push(chunk)
      }
      return Buffer.concat(chunks).toString('utf8')
    },
  }
}

const responseOf = ({ status, headers, body }: Reply): Response =>
  new Response(body === null ? null : new Uint8Array(Buffer.from(body)), {
    status,
    headers: { ...headers, ...NO_SNIFFING },
  })

/** Answers a delivery path. Streams are for processes that stay: providers poll where there are none. */
export async function deliver(request: Request): Promise<Response> {
  const delivery = await mounted().catch((error: unknown) => {
    log.error({ err: error }, 'delivery does not start')
    return null
  })
  if (!delivery)
    return responseOf(
      problem(503, 'Starting', 'this node cannot read its configs yet', { 'Retry-After': '1' }),
    )
  try {
    return responseOf(await delivery.answer(askOf(request)))
  } catch (error) {
    log.error({ err: error }, 'delivery request failed')
    return responseOf(problem(500, 'Internal error', 'something failed on our side: the log says what'))
  }
}
