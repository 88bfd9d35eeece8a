import { envelope } from './envelope'
import { ParsedConfig } from './parsed-config'
import { describeFault } from './shape'
import type { Config } from './types'

export type ParseResult =
  | { readonly ok: true; readonly config: ParsedConfig }
  | { readonly ok: false; readonly error: string }

/**
 * Reads a config as it comes off the wire. Only a broken envelope refuses the whole; a flag with a fault hurts no other,
 * and answers `PARSE_ERROR` when it is asked for. Flags and segments are taken over as they are: leave the input alone
 * afterwards.
 *
 * @example
 * const parsed = parseConfig(JSON.parse(body))
 * if (!parsed.ok) throw new Error(parsed.error)
 */
export function parseConfig(input: unknown): ParseResult {
  try {
    const found = envelope(input)
    if (found) return { ok: false, error: describeFault(found) }
    return { ok: true, config: ParsedConfig.of(input as Config) }
  } catch {
    return { ok: false, error: 'the config cannot be read: it is not plain JSON' }
  }
}
