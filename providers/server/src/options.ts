import type { CommonOptions } from '../../sync/options'

/** How to reach Jackstaff from a server process. */
export type JackstaffProviderOptions = CommonOptions & {
  /** A server key, `jks_srv_...`. It is secret: it travels in the Authorization header and in no URL. */
  readonly key: string
  /**
   * Path of a file (mode 0600) that keeps the last config, for starts while the server is away. Default: none.
   * Its answers have the reason `CACHED`. A file belongs to one process.
   */
  readonly lastKnownGood?: string
}
