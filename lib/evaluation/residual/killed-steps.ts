import type { Leaf, ResidualFlag, Step } from './types'

const killedOf = new WeakMap<ResidualFlag, readonly [Step<Leaf>]>()

/** What is left of a flag that a kill forces off. */
export function killedSteps(flag: ResidualFlag): readonly Step<Leaf>[] {
  let steps = killedOf.get(flag)
  if (!steps) {
    const variant = flag.off === null ? {} : { variant: flag.off }
    steps = [{ outcome: { reason: 'DISABLED', ...variant, mark: { killed: true } } }]
    killedOf.set(flag, steps)
  }
  return steps
}
