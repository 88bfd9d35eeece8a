import { BOUNDS } from './bounds'
import { splitLines } from './config-text'
import { envelope } from './envelope'
import { ParsedConfig } from './parsed-config'
import { describeFault } from './shape'
import { Table } from './table'
import type { Config, Segment, WireFlag } from './types'

export type ParseResult =
  | { readonly ok: true; readonly config: ParsedConfig }
  | { readonly ok: false; readonly error: string }

/**
 * Reads a config as it comes off the wire, as JSON or parsed already. Only a broken envelope refuses the whole; a flag
 * with a fault hurts no other, and answers `PARSE_ERROR` when it is asked for. The text that `writeConfig` makes is ready
 * soonest: its flags and segments are parsed when they are first needed. What was parsed already is taken over as it is:
 * leave it alone afterwards.
 *
 * @example
 * const parsed = parseConfig(await response.text())
 * if (!parsed.ok) throw new Error(parsed.error)
 */
export function parseConfig(input: unknown): ParseResult {
  try {
    return typeof input === 'string' ? parseText(input) : parseValue(input)
  } catch {
    return { ok: false, error: 'the config cannot be read: it is not plain JSON' }
  }
}

function parseValue(input: unknown): ParseResult {
  const found = envelope(input)
  if (found) return { ok: false, error: describeFault(found) }
  const { flags, segments } = input as Config
  return ready(input as Config, Table.of(flags), Table.of(segments))
}

function parseText(text: string): ParseResult {
  const lines = splitLines(text)
  if (lines === null) return parseValue(JSON.parse(text))
  const found = envelope(lines.envelope)
  if (found) return { ok: false, error: describeFault(found) }
  const { flags, segments } = lines
  return ready(lines.envelope as Config, Table.ofTexts<WireFlag>(flags), Table.ofTexts<Segment>(segments))
}

function ready(
  { flagSetId, id, killed, killedAt }: Config,
  flags: Table<WireFlag>,
  segments: Table<Segment>,
): ParseResult {
  if (flags.size > BOUNDS.flags)
    return { ok: false, error: `flags: has ${flags.size} flags; the most is ${BOUNDS.flags}` }
  return { ok: true, config: new ParsedConfig(flagSetId, id, killed, killedAt, flags, segments) }
}
