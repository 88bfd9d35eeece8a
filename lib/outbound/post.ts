import { lookup, Resolver } from 'node:dns/promises'
import { Agent as HttpAgent, type IncomingMessage, request as overHttp } from 'node:http'
import { Agent as HttpsAgent, request as overHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type Allowed, hostOf, isReachable, targetFault } from './target'

const IN_ALL_MS = 10_000
const MOST_BYTES = 64 * 1024
const DNS = { timeout: 2_000, tries: 2 }

/** An answer, or why there was none. `body`: its first 64 KB as text. */
export type Sent = { elapsedMs: number } & (
  | { status: number; retryAfter: string | null; body: string }
  | { status: null; problem: string }
)

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<string[]>

/**
 * Asks name servers, by default the machine's, without the thread pool, which slow ones would fill. Looks at no hosts
 * file.
 */
export function asking(servers?: readonly string[]): Resolve {
  return async (host) => {
    const resolver = new Resolver(DNS)
    if (servers) resolver.setServers(servers)
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const found = [v4, v6].flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    if (found.length === 0 && v4.status === 'rejected') throw v4.reason
    return found
  }
}

/** As this machine reads names: for those that its operator wrote down. */
const askMachine: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

class Refused extends Error {}

/** The addresses to connect to, each of them checked: what is resolved later counts for nothing. */
async function addressesOf(host: string, allowed: Allowed, resolve: Resolve): Promise<string[]> {
  const named = allowed.hosts.has(host)
  const found = isIP(host) ? [host] : await (named ? askMachine(host) : resolve(host))
  if (found.length === 0) throw new Refused(`${host} has no address`)
  const inner = found.find((address) => !isReachable(address, host, allowed))
  if (inner !== undefined)
    throw new Refused(
      `${host} is ${inner}, no public address: an operator can allow it in JACKSTAFF_WEBHOOK_ALLOW`,
    )
  return found
}

/** Answers a socket that asks for a name with what was checked. */
function pinned(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_, options, done) => (options.all ? done(null, all) : done(null, all[0]!.address, all[0]!.family))
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= MOST_BYTES) break // the socket goes with it: nobody waits for the rest
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8')
}

type Message = { headers: Record<string, string>; body: string }

async function exchange(url: URL, message: Message, addresses: readonly string[], signal: AbortSignal) {
  const secure = url.protocol === 'https:'
  // Agents of their own: none of a proxy from the environment, and no socket that outlives its request.
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false })
  const host = hostOf(url)
  const body = Buffer.from(message.body)
  const options = {
    method: 'POST',
    host,
    port: url.port || (secure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    headers: { ...message.headers, Host: url.host, 'Content-Length': String(body.length) },
    lookup: pinned(addresses),
    agent,
    signal,
    rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
    ...(isIP(host) ? {} : { servername: host }),
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = (secure ? overHttps : overHttp)(options, resolve)
    request.on('error', reject)
    request.end(body)
  })
  const after = response.headers['retry-after'] ?? null
  return { status: response.statusCode ?? 0, retryAfter: after, body: await read(response) }
}

/** A signal for at most so long, and a promise that rejects with it. `end` lets go of both. */
function patience(ms: number, signal?: AbortSignal) {
  const over = new AbortController()
  const late = () => over.abort(new Refused(`no whole answer within ${ms / 1000} s`))
  const timer = setTimeout(late, ms)
  const stop = () => over.abort(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  const ended = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true })
  })
  ended.catch(() => {}) // whoever races with it hears
  const end = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
  return { signal: over.signal, ended, end }
}

function inWords(error: unknown): string {
  const { message, code } = error as Error & { code?: string }
  if (error instanceof Refused) return message
  return [message || 'no connection', code && `(${code})`].filter(Boolean).join(' ')
}

type Options = {
  allowed: Allowed
  /** Gives up, and lets the promise reject. */
  signal?: AbortSignal
  resolve?: Resolve
  /** In milliseconds, from the first look at the name to the last byte of the answer. */
  inAll?: number
}

/**
 * Posts to a URL, whatever it looks like. The name is resolved once, every address is checked, and the connection goes
 * to one that was: nothing inside is ever reached, not even for a byte. Redirects are answers like any other, and TLS is
 * verified. Rejects only when `signal` does.
 */
export async function send(
  url: URL,
  message: Message,
  { allowed, signal, resolve = asking(), inAll = IN_ALL_MS }: Options,
): Promise<Sent> {
  signal?.throwIfAborted()
  const begun = performance.now()
  const elapsed = () => Math.round(performance.now() - begun)
  const over = patience(inAll, signal)
  try {
    const addresses = await Promise.race([addressesOf(hostOf(url), allowed, resolve), over.ended])
    const answer = await Promise.race([exchange(url, message, addresses, over.signal), over.ended])
    return { ...answer, elapsedMs: elapsed() }
  } catch (error) {
    signal?.throwIfAborted()
    const reason = over.signal.aborted ? over.signal.reason : error
    return { status: null, problem: inWords(reason), elapsedMs: elapsed() }
  } finally {
    over.end()
  }
}

/**
 * Posts to an address that somebody typed: `send`, for addresses that `targetFault` finds nothing wrong with.
 *
 * @example const sent = await post('https://example.com/hook', { headers: {}, body: '{}' }, { allowed })
 */
export async function post(text: string, message: Message, options: Options): Promise<Sent> {
  const problem = targetFault(text, options.allowed)
  return problem === null ? send(new URL(text), message, options) : { status: null, problem, elapsedMs: 0 }
}
