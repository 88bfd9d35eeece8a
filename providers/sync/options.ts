import { type Config, type ParsedConfig, parseConfig } from '../../lib/evaluation'
import { parseJson } from './messages'

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
   * A config to start from at once, as an object or as JSON: the body of `GET /config`.
   * Its answers have the reason `CACHED` until the server has confirmed it. Garbage is ignored.
   */
  readonly bootstrap?: Config | string
  /** Told about lost connections, refused keys and malformed configs. Default: silence. */
  readonly logger?: { readonly warn: (message: string) => void }
  /** A replacement for the global `fetch`, e.g. to go through a proxy. */
  readonly fetch?: typeof fetch
}

/** Options with every default filled in. */
export function readCommonOptions(options: CommonOptions) {
  return {
    initTimeoutMs: options.initTimeoutMs ?? 5_000,
    pollIntervalMs: options.pollIntervalMs ?? 30_000,
    errorAfterMs: options.errorAfterMs ?? 60_000,
    bootstrap: readBootstrap(options.bootstrap),
    warn: warnWith(options.logger),
  }
}

/** What makes these options useless, or `null`. `foreign`: the prefix of keys that belong on the other side. */
export function problemWith({ url, key }: CommonOptions, foreign: string, advice: string): string | null {
  if (typeof key !== 'string' || key === '') return 'the option "key" is missing'
  if (key.startsWith(foreign)) return advice
  return URL.canParse(url) ? null : `the option "url" is not an absolute URL: ${JSON.stringify(url)}`
}

function readBootstrap(bootstrap: Config | string | undefined): ParsedConfig | null {
  if (bootstrap === undefined) return null
  const parsed = parseConfig(typeof bootstrap === 'string' ? parseJson(bootstrap) : bootstrap)
  return parsed.ok ? parsed.config : null
}

/** An application's logger that throws must not stop the sync. */
function warnWith(logger: CommonOptions['logger']): (message: string) => void {
  return (message) => {
    try {
      logger?.warn(`Jackstaff: ${message}`)
    } catch {}
  }
}
