import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  type Config,
  type ConfigPatch,
  changedFlags,
  killClosure,
  type Marks,
  type ParsedConfig,
  parseConfig,
  residualOf,
  type WireFlag,
} from '../../lib/evaluation'

export const SERVER_KEY = 'jks_srv_0123456789'
export const CLIENT_KEY = 'jks_cli_0123456789'

const HEARTBEAT_MS = 10_000

/** The delivery protocol on real sockets, for one config held in memory, with a switch for every fault. */
export class ProtocolServer {
  config: Config
  /** Which attributes are public, for those who ask for residuals. All flags are shown to them. */
  attributes: Marks = {}
  /** Milliseconds since 1970, told in each hello. */
  time: () => number = Date.now
  /** Milliseconds that a client waits at least before it comes back, told in each stream. */
  retryMs = 50
  /** Answers every request with this status. */
  refuseWith: number | null = null
  /** Answers streams with this status, and requests as usual. */
  streamStatus: number | null = null
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[] = []
  /** The paths that browsers asked permission for. */
  readonly preflights: string[] = []
  /** Residuals are answered once this is over. */
  residualsWaitFor: Promise<unknown> = Promise.resolve()
  /** The bodies of all requests with telemetry. */
  readonly told: Record<string, unknown>[] = []
  readonly #port: number
  readonly #patches: ConfigPatch[] = []
  readonly #streams = new Set<ServerResponse>()
  /** Of those: the streams of browsers that hold residuals. */
  readonly #browsers = new Set<ServerResponse>()
  readonly #sockets = new Set<Socket>()
  #mostStreams = 0
  #server: Server | null = null
  #heartbeats: NodeJS.Timeout | undefined

  constructor(config: Config, port: number) {
    this.config = config
    this.#port = port
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get streams(): number {
    return this.#streams.size
  }

  /** The most streams that were ever open together. */
  get mostStreams(): number {
    return this.#mostStreams
  }

  /** TCP connections, with a request on them or idle. */
  get sockets(): number {
    return this.#sockets.size
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.#port, '127.0.0.1', resolve)
    })
    this.#heartbeats = setInterval(() => this.write(':\n\n'), HEARTBEAT_MS)
  }

  /** The process is gone: nobody listens, every connection is reset. */
  async stop(): Promise<void> {
    clearInterval(this.#heartbeats)
    const server = this.#server
    this.#server = null
    if (!server) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  /** Resets every stream. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy()
  }

  write(event: string): void {
    for (const stream of this.#streams) stream.write(event)
  }

  send(event: string, data: unknown): void {
    this.write(frame(event, data))
  }

  /** Publishes the next version: changed flags (null removes), and what else is new. */
  publish(
    flags: Record<string, WireFlag | null>,
    rest: Partial<Pick<Config, 'segments' | 'killed'>> = {},
  ): void {
    const { id, killed, killedAt } = this.config
    const [epoch, version] = id.split('.').map(Number)
    const to = `${epoch}.${version! + 1}.0000abcd`
    const patch: ConfigPatch = {
      from: id,
      to,
      flags,
      segments: rest.segments ?? {},
      killed: rest.killed ?? killed,
      killedAt: rest.killed ? to : killedAt,
    }
    const before = parsed(this.config)
    const merged = Object.entries({ ...this.config.flags, ...flags }).filter(([, flag]) => flag !== null)
    this.config = {
      ...this.config,
      id: to,
      flags: Object.fromEntries(merged) as Record<string, WireFlag>,
      segments: { ...this.config.segments, ...rest.segments },
      killed: patch.killed,
      killedAt: patch.killedAt,
    }
    this.#patches.push(patch)
    for (const stream of this.#streams) if (!this.#browsers.has(stream)) stream.write(frame('patch', patch))
    this.#tellBrowsers(changedFlags(before, parsed(this.config)))
  }

  #tellBrowsers(keys: readonly string[], only?: ServerResponse): void {
    const { id, killedAt } = this.config
    const killed = killClosure(parsed(this.config), new Set(Object.keys(this.config.flags)))
    const event = frame('changed', { id, keys, killed, killedAt, spread: 0 })
    for (const stream of only ? [only] : this.#browsers) stream.write(event)
  }

  async #sendResidual(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { context } = JSON.parse(await text(request))
    await this.residualsWaitFor
    const { flags } = this.config
    const source = { config: parsed(this.config), flags: Object.keys(flags), attributes: this.attributes }
    answerJson(response, 200, residualOf(source, context, this.time()))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url!, this.url)
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'last-event-id')
    if (request.method === 'OPTIONS') {
      this.preflights.push(pathname)
      response.writeHead(204).end()
      return
    }
    this.requests.push({ path: request.url!, headers: request.headers })
    const key = request.headers.authorization?.replace('Bearer ', '') ?? searchParams.get('key')
    const status = this.refuseWith ?? (key === SERVER_KEY || key === CLIENT_KEY ? 200 : 401)
    if (status !== 200) answerJson(response, status, { title: 'refused' })
    else if (pathname === '/config/stream') this.#openStream(request, response)
    else if (pathname === '/config/residual') void this.#sendResidual(request, response)
    else if (pathname === '/telemetry') void this.#listen(request, response)
    else if (pathname === '/config') this.#sendConfig(searchParams.get('since'), request, response)
    else answerJson(response, 404, {})
  }

  async #listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.told.push(JSON.parse(await text(request)))
    response.writeHead(202).end()
  }

  #sendConfig(since: string | null, request: IncomingMessage, response: ServerResponse): void {
    const patches = since && this.#since(since)
    const etag = `"${this.config.id}-v1-identity"`
    if (patches) answerJson(response, 200, { patches })
    else if (since) answerJson(response, 410, { title: 'gone' })
    else if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else answerJson(response, 200, this.config, { etag })
  }

  #openStream(request: IncomingMessage, response: ServerResponse): void {
    if (this.streamStatus) {
      answerJson(response, this.streamStatus, {})
      return
    }
    const { id } = this.config
    const lastEventId = request.headers['last-event-id']
    const missed = lastEventId === id ? [] : lastEventId && this.#since(String(lastEventId))
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
    })
    const hello = {
      id,
      oldest: id,
      time: this.time(),
      heartbeat: HEARTBEAT_MS,
      maxAge: 3_600_000,
      ack: false,
    }
    response.write(`retry: ${this.retryMs}\n${frame('hello', hello)}`)
    const { searchParams } = new URL(request.url!, this.url)
    if (searchParams.get('mode') === 'residual') {
      this.#browsers.add(response)
      this.#tellBrowsers([], response)
    } else if (missed) for (const patch of missed) response.write(frame('patch', patch))
    else response.write(frame('put', this.config))
    this.#streams.add(response)
    this.#mostStreams = Math.max(this.#mostStreams, this.#streams.size)
    response.on('close', () => {
      this.#streams.delete(response)
      this.#browsers.delete(response)
    })
  }

  #since(id: string): ConfigPatch[] | null {
    if (id === this.config.id) return []
    const first = this.#patches.findIndex(({ from }) => from === id)
    return first < 0 ? null : this.#patches.slice(first)
  }
}

function parsed(config: Config): ParsedConfig {
  const result = parseConfig(config)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
