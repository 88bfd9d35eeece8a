import { BOUNDS } from './bounds'
import type { Flag, Rollout, Rule, Serve, WireFlag, WireRollout, WireRule, WireServe } from './types'
import { sameJson } from './values'

/** Most flags are switches: one that says neither its type nor its variants is one. */
const SWITCH: Flag['variants'] = Object.freeze({ on: true, off: false })

/** A flag as it came off the wire, with what it left out filled in. */
export function fromWire(key: string, wire: WireFlag): Flag {
  const { version, on, fallthrough, metadata } = wire
  const { type = 'boolean', variants = SWITCH, offVariant = 'off', salt = key } = wire
  const { prerequisites = [], targets = [], rules = [] } = wire
  return {
    type,
    version,
    on,
    variants,
    offVariant,
    salt,
    prerequisites,
    targets,
    rules: rules.map(ruleFromWire),
    fallthrough: serveFromWire(fallthrough),
    ...(metadata && { metadata }),
  }
}

/**
 * A flag as it travels: what has its default is left out. Thousands of flags are mostly alike, and every byte is sent to
 * every client.
 */
export function toWire(key: string, flag: Flag): WireFlag {
  const { type, version, on, variants, offVariant, salt, prerequisites, targets, rules, metadata } = flag
  const isSwitch = type === 'boolean' && sameJson(variants, SWITCH)
  return {
    ...(isSwitch ? {} : { type }),
    version,
    on,
    ...(isSwitch ? {} : { variants }),
    ...(offVariant === 'off' ? {} : { offVariant }),
    ...(salt === key ? {} : { salt }),
    ...(prerequisites.length > 0 ? { prerequisites } : {}),
    ...(targets.length > 0 ? { targets } : {}),
    ...(rules.length > 0
      ? { rules: rules.map((rule) => ({ ...rule, serve: serveToWire(rule.serve) })) }
      : {}),
    fallthrough: serveToWire(flag.fallthrough),
    ...(metadata && Object.keys(metadata).length > 0 ? { metadata } : {}),
  }
}

function ruleFromWire(rule: WireRule): Rule {
  const serve = serveFromWire(rule.serve)
  return serve === rule.serve ? (rule as Rule) : { ...rule, serve }
}

function serveFromWire(serve: WireServe): Serve {
  if ('variant' in serve || isWeighed(serve.rollout)) return serve as Serve
  const { rollout } = serve
  return {
    rollout: {
      ...rollout,
      split: rollout.split.map(({ variant, weight = BOUNDS.whole }) => ({ variant, weight })),
    },
  }
}

function isWeighed(rollout: WireRollout): rollout is Rollout {
  return rollout.split.every(({ weight }) => weight !== undefined)
}

function serveToWire(serve: Serve): WireServe {
  if ('variant' in serve) return serve
  const { rollout } = serve
  if (rollout.split.length > 1) return serve
  return { rollout: { ...rollout, split: rollout.split.map(({ variant }) => ({ variant })) } }
}
