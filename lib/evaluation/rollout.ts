import { readKey, TARGETING_KEY } from './attributes'
import { BOUNDS } from './bounds'
import { bucket } from './bucketing'
import type { Scope } from './scope'
import type { Rollout, TraceStep } from './types'

/** Why a rule serves nothing; a variant, being a string, is told from it by its type. */
export type Miss = { readonly miss: Exclude<Extract<TraceStep, { step: 'rule' }>['outcome'], 'matched'> }

const OUTSIDE_SHARE: Miss = { miss: 'outside_share' }
const KEY_MISSING: Miss = { miss: 'bucketing_attribute_missing' }

/**
 * The variant that a rollout serves, or why it serves none. Inside the share and which variant are two
 * independent hashes: with one, variants would be skewed inside a partial share and people would change variant as
 * it grows.
 */
export function assign(rollout: Rollout, flagSalt: string, scope: Scope): string | Miss {
  const { by = TARGETING_KEY, salt = flagSalt, share, split, rest } = rollout
  const key = readKey(scope.context, by)
  const gated = share > 0 && share < BOUNDS.whole
  const position = gated && key !== undefined ? bucket(salt, key) : undefined
  const inside = position === undefined ? share === BOUNDS.whole : position < share
  scope.trace?.push({ step: 'rollout', by, key, bucket: position, share, inside })

  if (gated && key === undefined) return KEY_MISSING
  if (!inside) return rest === 'continue' ? OUTSIDE_SHARE : rest.variant
  return splitBetween(split, salt, key, scope)
}

function splitBetween(
  split: Rollout['split'],
  salt: string,
  key: string | undefined,
  scope: Scope,
): string | Miss {
  const sole = split.find(({ weight }) => weight === BOUNDS.whole)
  if (!sole && key === undefined) return KEY_MISSING
  const position = sole ? undefined : bucket(`${salt}/split/`, key!)
  const { variant } = sole ?? variantAt(split, position!)
  scope.trace?.push({ step: 'split', bucket: position, variant })
  return variant
}

function variantAt(split: Rollout['split'], position: number): Rollout['split'][number] {
  let end = 0
  for (const part of split) {
    end += part.weight
    if (position < end) return part
  }
  return split[split.length - 1]!
}
