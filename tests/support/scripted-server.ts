import { type Config, type ConfigPatch, parseConfig, residualOf } from '../../lib/evaluation'

export type Told = {
  readonly body: Record<string, unknown>
  readonly headers: Headers
  readonly query: URLSearchParams
  readonly keepalive: boolean
}
type Asked = { readonly path: string; readonly query: URLSearchParams; readonly headers: Headers }
type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }

/** One stream as the server sees it: a test writes to it what it likes. */
export class ScriptedStream {
  readonly #controller: ReadableStreamDefaultController<Uint8Array>
  /** Whoever reads it holds a residual: of a change it hears only that there is one. */
  readonly #residual: boolean
  open = true

  constructor(controller: ReadableStreamDefaultController<Uint8Array>, residual: boolean) {
    this.#controller = controller
    this.#residual = residual
  }

  write(text: string): void {
    this.writeBytes(new TextEncoder().encode(text))
  }

  writeBytes(bytes: Uint8Array): void {
    if (this.open) this.#controller.enqueue(bytes)
  }

  send(event: string, data: unknown): void {
    if (this.#residual && ['put', 'patch', 'resync'].includes(event)) this.#frame('changed', changeOf(data))
    else this.#frame(event, data)
  }

  #frame(event: string, data: unknown): void {
    this.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  /** The server ends the stream in good order. */
  end(): void {
    this.#close(() => this.#controller.close())
  }

  /** The connection breaks, from whichever side. */
  cut(reason: unknown = new Error('connection reset')): void {
    this.#close(() => this.#controller.error(reason))
  }

  #close(how: () => void): void {
    if (!this.open) return
    this.open = false
    how()
  }
}

/** A delivery server without sockets: `fetch` is its only door, and every fault can be arranged. */
export class ScriptedServer {
  /** Unreachable where true: every request fails as a network error does. */
  down = false
  /** Answers in place of the real thing. */
  streamReply: Reply | null = null
  configReply: Reply | null = null
  telemetryReply: Reply = { status: 202 }
  /** Requests with telemetry are never answered. */
  telemetryHangs = false
  /** What `?since=` answers; null: 410. */
  patches: readonly ConfigPatch[] | null = null
  /** Asks to be told what is applied, within this many ms. */
  ack: number | false = false
  /** Says hello and sends the config on each new stream. */
  greets = true
  time = Date.parse('2026-01-01T00:00:00Z')
  config: Config
  readonly asked: Asked[] = []
  /** Every request with telemetry, also those that it answered with a refusal or not at all. */
  readonly told: Told[] = []
  readonly streams: ScriptedStream[] = []
  mostOpen = 0

  constructor(config: Config) {
    this.config = config
  }

  get stream(): ScriptedStream {
    return this.streams.at(-1)!
  }

  get open(): number {
    return this.streams.filter((stream) => stream.open).length
  }

  askedFor(path: string): Asked[] {
    return this.asked.filter((asked) => asked.path === path)
  }

  hello(id = this.config.id): void {
    this.stream.write('retry: 500\n')
    this.stream.send('hello', {
      id,
      oldest: id,
      time: this.time,
      heartbeat: 10_000,
      maxAge: 3_600_000,
      ack: this.ack,
    })
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname: path, searchParams: query } = new URL(String(input))
    const headers = new Headers(init?.headers)
    this.asked.push({ path, query, headers })
    if (path.endsWith('/telemetry')) return this.#listen(query, headers, init!)
    if (this.down) throw new TypeError('fetch failed')
    if (path.endsWith('/stream')) return this.#openStream(query, headers, init?.signal)
    return path.endsWith('/residual') ? this.#answerFor(String(init?.body)) : this.#answer(query, headers)
  }

  async #listen(query: URLSearchParams, headers: Headers, init: RequestInit): Promise<Response> {
    this.told.push({
      body: JSON.parse(String(init.body)),
      headers,
      query,
      keepalive: init.keepalive === true,
    })
    if (this.down) throw new TypeError('fetch failed')
    if (this.telemetryHangs)
      await new Promise((_, reject) =>
        init.signal!.addEventListener('abort', () => reject(init.signal!.reason)),
      )
    return respond(this.telemetryReply)
  }

  #answer(query: URLSearchParams, headers: Headers): Response {
    if (this.configReply) return respond(this.configReply)
    if (query.has('since')) {
      return respond(this.patches ? { status: 200, body: { patches: this.patches } } : { status: 410 })
    }
    const etag = `"${this.config.id}-v1-identity"`
    if (headers.get('if-none-match') === etag) return respond({ status: 304 })
    return respond({ status: 200, body: this.config, headers: { etag } })
  }

  /** What is left of the config, or of what is answered in its place, for a context whose every attribute is public. */
  #answerFor(body: string): Response {
    const reply = this.configReply ?? { status: 200, body: this.config }
    const parsed = parseConfig(reply.body)
    if (!parsed.ok) return respond(reply)
    const { context } = JSON.parse(body)
    const attributes = Object.fromEntries(Object.keys(context).map((name) => [name, 'public'] as const))
    const source = { config: parsed.config, flags: parsed.config.flags.keys(), attributes }
    return respond({ ...reply, body: residualOf(source, context, this.time) })
  }

  #openStream(query: URLSearchParams, headers: Headers, signal: AbortSignal | null | undefined): Response {
    if (this.streamReply) return respond(this.streamReply)
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.streams.push(new ScriptedStream(controller, query.get('mode') === 'residual'))
      },
    })
    const stream = this.stream
    signal?.addEventListener('abort', () => stream.cut(signal.reason))
    this.mostOpen = Math.max(this.mostOpen, this.open)
    if (this.greets) {
      this.hello()
      if (headers.get('last-event-id') !== this.config.id) stream.send('put', this.config)
    }
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

/** A put, a patch or a resync as those hear of it who hold residuals. */
function changeOf(data: unknown): unknown {
  const { id, to, killed, killedAt, spread = 0 } = data as Record<string, unknown>
  return { id: id ?? to, keys: [], killed, killedAt, spread }
}

function respond({ status, body, headers }: Reply): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return new Response(status === 304 ? null : (text ?? ''), { status, headers })
}
