import { readAttribute, readKey } from '../attributes'
import { bucketOf } from '../bucket-of'
import type { EvaluationContext, FlagType, JsonValue, Resolution } from '../types'
import { passes } from './tests'
import type { Leaf, Residual, ResidualFlag, ResidualRollout, Step, Test } from './types'

const answers = new WeakMap<Leaf, Resolution<unknown>>()

/**
 * Decides one flag of a residual, as `resolve` does with a whole config. `killed`: flags that a kill forces to their off
 * variant since the residual was made.
 *
 * @example resolveResidual(residual, 'checkout', 'boolean', false, { country: 'DE' }, Date.now()).value
 */
export function resolveResidual<T>(
  residual: Residual,
  flagKey: string,
  type: FlagType,
  defaultValue: T,
  context: EvaluationContext,
  now: number,
  killed: readonly string[] = [],
): Resolution<T> {
  const { flagSetId, flags } = residual
  const failed = (errorCode: Leaf['errorCode'], errorMessage: string, metadata = {}): Resolution<T> => ({
    value: defaultValue,
    reason: 'ERROR',
    errorCode: errorCode!,
    errorMessage,
    flagMetadata: Object.freeze({ ...metadata, flagSetId }),
  })
  try {
    if (!Object.hasOwn(flags, flagKey))
      return failed('FLAG_NOT_FOUND', `there is no flag "${flagKey}" in ${flagSetId}`)
    const flag = flags[flagKey]!
    const ofType = flag.type ?? 'boolean'
    const leaf = decide(killed.includes(flagKey) ? killedSteps(flag) : flag.steps, context, now)!
    if (leaf.errorCode === 'PARSE_ERROR') return failed(leaf.errorCode, leaf.errorMessage!)
    if (ofType !== type)
      return failed('TYPE_MISMATCH', `flag "${flagKey}" is of type ${ofType}, not ${type}`, flag.metadata)
    const answer = answers.get(leaf) ?? remembered(leaf, flag, flagSetId)
    return leaf.variant === undefined ? { ...answer, value: defaultValue } : (answer as Resolution<T>)
  } catch {
    return failed('GENERAL', 'the evaluation could not be finished')
  }
}

function remembered(leaf: Leaf, flag: ResidualFlag, flagSetId: string): Resolution<unknown> {
  const { mark, variant, ...rest } = leaf
  const answer = Object.freeze({
    ...rest,
    ...(variant !== undefined && { variant }),
    value: variant === undefined ? undefined : deeplyFrozen(flag.variants[variant]!),
    flagMetadata: Object.freeze({ ...flag.metadata, flagSetId, ...mark }),
  })
  answers.set(leaf, answer)
  return answer
}

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

function decide<T>(steps: readonly Step<T>[], context: EvaluationContext, now: number): T | undefined {
  for (const step of steps) {
    if (step.when && !holds(step.when, context, now)) continue
    const outcome = 'outcome' in step ? step.outcome : assign(step.rollout, context)
    if (outcome !== null) return outcome
  }
  return undefined
}

function assign<T>(
  { by, salt, share, inside, outside, missing }: ResidualRollout<T>,
  context: EvaluationContext,
): T | null {
  const key = readKey(context, by)
  if (key === undefined) return missing
  if (bucketOf(salt + key) >= share) return outside
  const position = inside.length > 1 ? bucketOf(`${salt}/split/${key}`) : 0
  return inside.find(([end]) => position < end)![1]
}

function holds(test: Test, context: EvaluationContext, now: number): boolean {
  const each = (inner: Test) => holds(inner, context, now)
  if ('all' in test) return test.all.every(each)
  if ('any' in test) return test.any.some(each)
  if ('not' in test) return !each(test.not)
  if ('met' in test) return decide(test.met, context, now) === true
  return passes(test, readAttribute(context, test.attribute), now)
}

function deeplyFrozen(value: JsonValue): JsonValue {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(deeplyFrozen)
  return value
}
