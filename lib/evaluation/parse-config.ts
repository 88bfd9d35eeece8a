import { envelope } from './envelope'
import { merge } from './merge'
import { emptyRecord } from './records'
import { describeFault } from './shape'
import type { Config, ParsedConfig } from './types'

export type ParseResult =
  | { readonly ok: true; readonly config: ParsedConfig }
  | { readonly ok: false; readonly error: string }

/**
 * Checks a config as it comes off the wire. A flag with a fault is set aside in `malformed` and hurts no other; only a
 * broken envelope refuses the whole. Flags and segments are taken over as they are: leave the input alone afterwards.
 *
 * @example
 * const parsed = parseConfig(JSON.parse(body))
 * if (!parsed.ok) throw new Error(parsed.error)
 */
export function parseConfig(input: unknown): ParseResult {
  try {
    const found = envelope(input)
    if (found) return { ok: false, error: describeFault(found) }
    const { schema, flagSetId, id, killed, killedAt, flags, segments } = input as Config
    const empty: ParsedConfig = {
      schema,
      flagSetId,
      id,
      killed,
      killedAt,
      flags: emptyRecord(),
      segments: emptyRecord(),
      malformed: emptyRecord(),
      unlinked: emptyRecord(),
      malformedSegments: emptyRecord(),
    }
    return { ok: true, config: merge(empty, { flags, segments }) }
  } catch {
    return { ok: false, error: 'the config cannot be read: it is not plain JSON' }
  }
}
