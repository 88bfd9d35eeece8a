import { applyPatch, type ParsedConfig, parseConfig } from '../../lib/evaluation/index'
import type { Frame } from './stream'

/** A config off the wire, or the reason why no provider would take it. */
export function parsedOf(input: unknown): ParsedConfig {
  const result = parseConfig(input)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

/** All that there is to a config, to compare. */
export function seen(config: ParsedConfig) {
  return { ...config.toConfig(), malformed: config.malformed() }
}

export function patched(config: ParsedConfig, patch: unknown): ParsedConfig {
  const result = applyPatch(config, patch)
  if (!result.ok) throw new Error(`${JSON.stringify(patch)} on ${config.id}: ${result.reason}`)
  return result.config
}

/** What the frames of a stream amount to, each applied as it came; a gap between two of them throws. */
export function follow(frames: readonly Frame[], held?: ParsedConfig): ParsedConfig {
  const config = frames.reduce<ParsedConfig | undefined>((now, { event, data }) => {
    if (event === 'put') return parsedOf(data)
    return event === 'patch' ? patched(now!, data) : now
  }, held)
  if (!config) throw new Error('no frame told a config')
  return config
}
