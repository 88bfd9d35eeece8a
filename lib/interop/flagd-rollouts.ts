import { BOUNDS } from '../evaluation/bounds'
import type { Rollout } from '../evaluation/types'
import { readLogic } from './flagd-conditions'
import { isId } from './flagd-guards'
import { cannot, type Scope } from './flagd-scope'
import { allOf, type Branch, choose, type Logic } from './logic'

const TARGETING_KEY = 'targetingKey'

/** When a rollout serves anything at all, and what it then serves. */
export function rolloutBranch(rollout: Rollout, flagSalt: string, scope: Scope): Branch {
  const { by = TARGETING_KEY, salt = flagSalt, share, split, rest } = rollout
  const sole = split.find(({ weight }) => weight === BOUNDS.whole)
  const key = () => hashed(readLogic(by, scope), salt, scope)
  const served = () => sole?.variant ?? splitLogic(key(), salt, split)

  if (share === 0) return rest === 'continue' ? [false, null] : [true, rest.variant]
  if (share === BOUNDS.whole) return [sole ? true : isId(key()), served()]
  const gate = gateLogic(key(), salt, share)
  if (rest === 'continue') return [allOf([isId(key()), gate]), served()]
  return [isId(key()), choose([[gate, served()]], rest.variant)]
}

/** Inside the share: the arithmetic of `fractional` over 100000 is that of `bucket`. */
function gateLogic(key: Logic, salt: string, share: number): Logic {
  const inside = ['in', share]
  const outside = ['out', BOUNDS.whole - share]
  return { '===': [{ fractional: [{ cat: [salt, key] }, inside, outside] }, 'in'] }
}

function splitLogic(key: Logic, salt: string, split: Rollout['split']): Logic {
  const parts = split.filter(({ weight }) => weight > 0).map(({ variant, weight }) => [variant, weight])
  return { fractional: [{ cat: [`${salt}/split/`, key] }, ...parts] }
}

const ASCII = /^\p{ASCII}*$/u

/** flagd-core hashes UTF-16 units, the engine UTF-8 bytes: they are the same for ASCII alone. */
function hashed(key: Logic, salt: string, scope: Scope): Logic {
  if (ASCII.test(salt)) return key
  return cannot(scope, 'salt', `flagd hashes the salt "${salt}" otherwise: use ASCII`)
}
