import type { CommonOptions } from './options'

/** Options with every default filled in. */
export function readCommonOptions(options: CommonOptions) {
  return {
    initTimeoutMs: options.initTimeoutMs ?? 5_000,
    pollIntervalMs: options.pollIntervalMs ?? 30_000,
    errorAfterMs: options.errorAfterMs ?? 60_000,
    bootstrap: options.bootstrap,
    offline: options.offline ?? false,
    warn: warnWith(options.logger),
  }
}

/** What makes these options useless, or `null`. `foreign`: the prefix of keys that belong on the other side. */
export function problemWith(options: CommonOptions, foreign: string, advice: string): string | null {
  const { url, key, offline } = options
  if (offline) return null
  if (typeof key !== 'string' || key === '') return 'the option "key" is missing'
  if (key.startsWith(foreign)) return advice
  return URL.canParse(url) ? null : `the option "url" is not an absolute URL: ${JSON.stringify(url)}`
}

/** An application's logger that throws must not stop the sync. */
function warnWith(logger: CommonOptions['logger']): (message: string) => void {
  return (message) => {
    try {
      logger?.warn(`Jackstaff: ${message}`)
    } catch {}
  }
}
