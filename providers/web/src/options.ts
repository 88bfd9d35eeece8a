import type { CommonOptions } from '../../sync/options'

/** The part of `localStorage` and `sessionStorage` that is needed. */
export type ConfigStorage = {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

/** How to reach Jackstaff from a browser. */
export type JackstaffWebProviderOptions = CommonOptions & {
  /** A client key, `jks_cli_...`. It is public: it reaches the flags that are available to browsers. */
  readonly key: string
  /**
   * `residual`: the context is sent once, and the server settles all that is private; a change of public attributes is
   * decided in the page. `full`: the page receives the rules of browser flags and decides for any context; it needs a key
   * of that mode.
   * @default 'residual'
   */
  readonly mode?: 'residual' | 'full'
  /**
   * Keeps the last config in e.g. `localStorage`, for starts while the server is away. Default: none.
   * Its answers have the reason `CACHED`. `maxAgeMs`: milliseconds it may be used, default seven days.
   */
  readonly lastKnownGood?: { readonly storage: ConfigStorage; readonly maxAgeMs?: number }
}
