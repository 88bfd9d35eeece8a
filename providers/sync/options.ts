import type { Residual } from '../../lib/evaluation/residual/types'
import type { Config } from '../../lib/evaluation/types'

/** What the server and the web provider have in common. */
export type CommonOptions = {
  /** Base URL of the Jackstaff delivery service, e.g. `https://flags.example.com`. */
  readonly url: string
  /** An SDK key of the environment to evaluate. */
  readonly key: string
  /**
   * Milliseconds `initialize` waits for a usable config before it rejects; attempts go on after that.
   * @default 5000
   */
  readonly initTimeoutMs?: number
  /**
   * Milliseconds between two requests for the config while the stream is down.
   * @default 30000
   */
  readonly pollIntervalMs?: number
  /**
   * Milliseconds without any answer from the server after which a stale provider reports an error.
   * It serves the last config all the same.
   * @default 60000
   */
  readonly errorAfterMs?: number
  /**
   * What to start from at once, as an object or as JSON: the body of `GET /config`, or what `provider.residual(context)`
   * of the server provider made for a page in mode `residual`.
   * Its answers have the reason `CACHED` until the server has confirmed it. Garbage is ignored.
   */
  readonly bootstrap?: Config | Residual | string
  /**
   * Serves the bootstrap, or the last known good config, and nothing else: no request, no timer and no telemetry. For pages
   * that are rendered on a server, and for tests.
   * @default false
   */
  readonly offline?: boolean
  /** Told about lost connections, refused keys and malformed configs. Default: silence. */
  readonly logger?: { readonly warn: (message: string) => void }
  /**
   * Whether to tell the server, about once a minute, how often each flag was answered in which way, and what `track`
   * was told. Contexts of evaluations are never part of it.
   * @default true
   */
  readonly telemetry?: boolean
  /** A replacement for the global `fetch`, e.g. to go through a proxy. */
  readonly fetch?: typeof fetch
}
