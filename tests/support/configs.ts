import type { Config, ConfigPatch, Flag, WireFlag } from '../../lib/evaluation'
import { aConfig, aFlag } from './build-config'

/** `<epoch>.<version>.<hash8>` of a config for tests. */
export function idOf(version: number, epoch = 1, hash = '0000abcd'): string {
  return `${epoch}.${version}.${hash}`
}

/** A string flag that serves one value to everybody. */
export function serving(value: string, version = 1): Flag {
  return aFlag({
    type: 'string',
    version,
    variants: { shown: value, off: 'off' },
    fallthrough: { variant: 'shown' },
  })
}

export function configOf(
  version: number,
  flags: Record<string, WireFlag> = {},
  rest: Partial<Config> = {},
): Config {
  return aConfig({ id: idOf(version), flags, killedAt: idOf(0), ...rest })
}

export function patchOf(
  from: number,
  to: number,
  flags: Record<string, WireFlag | null>,
  rest: Partial<ConfigPatch> = {},
): ConfigPatch {
  return { from: idOf(from), to: idOf(to), flags, segments: {}, killed: [], killedAt: idOf(0), ...rest }
}
