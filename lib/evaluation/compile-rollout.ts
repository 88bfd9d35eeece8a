import { keyReader, TARGETING_KEY } from './attributes'
import { BOUNDS } from './bounds'
import { Salted } from './bucketing'
import type { Evaluation, EvaluationContext, Rollout } from './types'

/** `undefined`: the rollout serves nothing here, and the next rule is asked. */
export type Assign = (context: EvaluationContext) => Evaluation | undefined

type KeyTest = (key: string) => Evaluation | undefined

/**
 * A rollout as a closure, `assign` of rollout.ts worked out ahead. `missing` is the answer where the bucketing attribute
 * is needed and not there.
 */
export function compileRollout(
  { by = TARGETING_KEY, salt: ownSalt, share, split, rest }: Rollout,
  flagSalt: string,
  serve: (variant: string) => Evaluation,
  missing: Evaluation | undefined,
): Assign {
  const salt = ownSalt ?? flagSalt
  const outside = rest === 'continue' ? undefined : serve(rest.variant)
  if (share === 0) return () => outside

  const sole = split.find(({ weight }) => weight === BOUNDS.whole)
  const soleAnswer = sole && serve(sole.variant)
  if (soleAnswer && share === BOUNDS.whole) return () => soleAnswer

  const keyOf = keyReader(by)
  if (soleAnswer) {
    const salted = new Salted(salt)
    return (context) => {
      const key = keyOf(context)
      if (key === undefined) return missing
      return salted.bucket(key) < share ? soleAnswer : outside
    }
  }
  const inside = compileSplit(split, salt, serve)
  const byKey = share === BOUNDS.whole ? inside : gated(share, salt, inside, outside)
  return (context) => {
    const key = keyOf(context)
    return key === undefined ? missing : byKey(key)
  }
}

function gated(share: number, salt: string, inside: KeyTest, outside: Evaluation | undefined): KeyTest {
  const salted = new Salted(salt)
  return (key) => (salted.bucket(key) < share ? inside(key) : outside)
}

function compileSplit(
  split: Rollout['split'],
  salt: string,
  serve: (variant: string) => Evaluation,
): KeyTest {
  const salted = new Salted(`${salt}/split/`)
  const answers = split.map(({ variant }) => serve(variant))
  let end = 0
  const ends = split.map(({ weight }) => {
    end += weight
    return end
  })
  return (key) => {
    const position = salted.bucket(key)
    let at = 0
    while (position >= ends[at]!) at++
    return answers[at]
  }
}
