import { type Config, type Flag, type ParsedConfig, parseConfig } from '../../lib/evaluation/index'

/** A boolean flag that is on and serves `on` to everyone, but for what the test says. */
export function aFlag(changes: Partial<Flag> = {}): Flag {
  return {
    type: 'boolean',
    version: 1,
    on: true,
    variants: { on: true, off: false },
    offVariant: 'off',
    salt: 'salt',
    prerequisites: [],
    targets: [],
    rules: [],
    fallthrough: { variant: 'on' },
    ...changes,
  }
}

export function aConfig(changes: Partial<Config> = {}): Config {
  return {
    schema: 1,
    flagSetId: 'shop/production',
    id: '1.1.00000001',
    flags: {},
    segments: {},
    killed: [],
    killedAt: '1.0.00000000',
    ...changes,
  }
}

export function parsed(changes: Partial<Config> = {}): ParsedConfig {
  const result = parseConfig(aConfig(changes))
  if (!result.ok) throw new Error(result.error)
  return result.config
}
