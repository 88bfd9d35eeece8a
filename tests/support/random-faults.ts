import { configOf, idOf, patchOf, serving } from './configs'
import type { ScriptedServer } from './scripted-server'
import type { VirtualClock } from './virtual-clock'

/** A server that publishes on, through whatever happens to it, and knows what may be seen of it. */
export class TroubledServer {
  epoch = 1
  version = 1
  /** How often the kill of `switch` was set or lifted. */
  flips = 0
  readonly server: ScriptedServer
  #killed = false
  #killedAt = idOf(0)

  constructor(server: ScriptedServer) {
    this.server = server
    this.#show()
  }

  /** The next version, told to whoever listens. */
  publish(): void {
    const from = this.version++
    this.#show()
    const { flags } = this.server.config
    this.#tell('patch', this.#patch(from, flags))
  }

  /** Kills `switch`, or lifts that: a version like any other. */
  flip(): void {
    const from = this.version++
    this.flips++
    this.#killed = !this.#killed
    this.#killedAt = idOf(this.version, this.epoch)
    this.#show()
    this.#tell('patch', this.#patch(from, this.server.config.flags))
  }

  /** A restore from a backup: a lower version, but a higher epoch. */
  restore(): void {
    this.epoch++
    this.version = 1
    this.#killedAt = idOf(0, this.epoch)
    if (this.#killed) this.flips++
    this.#killed = false
    this.#show()
    this.#tell('put', this.server.config)
  }

  /** Breaks something; it stays broken until it is mended. */
  breakSomething(clock: VirtualClock): void {
    FAULTS[Math.floor(clock.random() * FAULTS.length)]!(this.server, clock)
  }

  mend(): void {
    Object.assign(this.server, { down: false, greets: true, streamReply: null, configReply: null })
  }

  #patch(from: number, flags: Parameters<typeof patchOf>[2]) {
    const ids = { from: idOf(from, this.epoch), to: idOf(this.version, this.epoch) }
    const patch = patchOf(from, this.version, flags, { ...ids, ...this.#kills() })
    this.server.patches = this.version % 2 === 0 ? [patch] : null
    return patch
  }

  #kills() {
    return { killed: this.#killed ? ['switch'] : [], killedAt: this.#killedAt }
  }

  #show(): void {
    const { epoch, version } = this
    const flags = { banner: serving(`${epoch}.${version}`, version), switch: serving('alive') }
    this.server.config = configOf(version, flags, { id: idOf(version, epoch), ...this.#kills() })
  }

  #tell(event: string, data: unknown): void {
    if (this.server.open > 0) this.server.stream.send(event, data)
  }
}

const HTML = { body: '<html>sign in</html>', headers: { 'content-type': 'text/html' } }
const ancient = { banner: serving('ancient'), switch: serving('ancient') }

/** What can go wrong. */
const FAULTS: readonly ((server: ScriptedServer, clock: VirtualClock) => void)[] = [
  (server) => server.stream?.cut(),
  (server) => server.stream?.end(),
  (server) => void Object.assign(server, { down: true }),
  (server) => void Object.assign(server, { down: true, streamReply: { status: 500 } }),
  (server) => {
    server.stream?.cut()
    server.streamReply = { status: 503, headers: { 'retry-after': '7' } }
  },
  (server) => {
    server.stream?.cut()
    server.streamReply = { status: 502 }
    server.configReply = { status: 504 }
  },
  (server) => {
    server.stream?.cut()
    server.streamReply = { status: 401 }
    server.configReply = { status: 403 }
  },
  (server) => {
    server.configReply = { status: 401 }
  },
  (server) => {
    server.stream?.cut()
    server.streamReply = { status: 200, ...HTML }
    server.configReply = { status: 200, ...HTML }
  },
  (server) => {
    server.configReply = { status: 200, body: '{"schema":' }
  },
  (server) => {
    server.configReply = { status: 200, body: { ...server.config, flags: 'none' } }
  },
  (server) => {
    server.configReply = { status: 200, body: configOf(0, ancient) }
  },
  (server) => {
    server.stream?.cut()
    server.greets = false
  },
  (server, { random }) => server.stream?.write(`event: patch\ndata: ${random()}\n\nevent: put\nda`),
  (server) => server.stream?.write('\u0000\ufffd\r\r\n\n: \nid\ndata\n\nretry: 12e9\nretry: 300\n\n'),
  (server) => server.stream?.write(`event: put\ndata: ${'x'.repeat(300_000)}`),
  (server) => server.stream?.send('put', { ...server.config, id: idOf(1, 99), flags: 'none' }),
  (server) => server.stream?.send('put', configOf(0, ancient)),
  (server) => server.stream?.send('put', configOf(9_999, ancient, { id: idOf(9_999, 0) })),
  (server) => server.stream?.send('patch', patchOf(7_000, 7_001, ancient, { killed: ['switch'] })),
  (server) => server.stream?.send('patch', patchOf(0, 1, ancient, { from: idOf(0, 0), to: idOf(1, 0) })),
  (server) => server.stream?.send('resync', { ...server.config, spread: 5_000 }),
  (server) => server.stream?.send('bye', { retry: 1_000, reason: 'max age' }),
  (server, { random }) => {
    server.time += (random() - 0.5) * 1e9
  },
  (_, clock) => clock.jump((clock.random() - 0.5) * 1e9),
]
