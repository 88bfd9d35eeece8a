import { asKey, readPath } from '../attributes'
import { bucketOf } from '../bucket-of'
import type {
  ErrorCode,
  Evaluation,
  EvaluationContext,
  FlagMetadata,
  FlagType,
  JsonValue,
  Resolution,
} from '../types'
import { withDefault } from '../with-default'
import { killedSteps } from './killed-steps'
import { passes } from './tests'
import type { Leaf, Residual, ResidualFlag, ResidualRollout, Step, Test } from './types'

const answers = new WeakMap<Leaf, Evaluation>()

/** One flag of a residual, for those who ask it again and again. `killed`: see `resolveResidual`. */
export function prepareResidual(
  { flagSetId, flags, compares }: Residual,
  flagKey: string,
  killed: readonly string[],
) {
  if (!Object.hasOwn(flags, flagKey)) return null
  const flag = flags[flagKey]!
  const steps = killed.includes(flagKey) ? killedSteps(flag) : flag.steps
  const [first] = steps
  const isFaulty = first !== undefined && 'outcome' in first && first.outcome.errorCode === 'PARSE_ERROR'
  return {
    type: isFaulty ? null : (flag.type ?? 'boolean'),
    readsTime: compares,
    evaluate(context: EvaluationContext, now: number): Evaluation {
      try {
        const leaf = decide(steps, context, now)!
        return answers.get(leaf) ?? remembered(leaf, flag, flagSetId)
      } catch {
        return failure('GENERAL', 'the evaluation could not be finished', { flagSetId })
      }
    },
  }
}

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
  const { flagSetId } = residual
  const prepared = prepareResidual(residual, flagKey, killed)
  const answer = () => {
    if (!prepared)
      return failure('FLAG_NOT_FOUND', `there is no flag "${flagKey}" in ${flagSetId}`, { flagSetId })
    if (prepared.type === null || prepared.type === type) return prepared.evaluate(context, now)
    const message = `flag "${flagKey}" is of type ${prepared.type}, not ${type}`
    return failure('TYPE_MISMATCH', message, { ...residual.flags[flagKey]!.metadata, flagSetId })
  }
  return withDefault(answer(), defaultValue)
}

function failure(errorCode: ErrorCode, errorMessage: string, metadata: FlagMetadata): Evaluation {
  return Object.freeze({ reason: 'ERROR', errorCode, errorMessage, flagMetadata: Object.freeze(metadata) })
}

function remembered(leaf: Leaf, flag: ResidualFlag, flagSetId: string): Evaluation {
  const { mark, variant, ...rest } = leaf
  const answer = Object.freeze({
    ...rest,
    ...(variant !== undefined && { variant, value: deeplyFrozen(flag.variants[variant]!) }),
    flagMetadata: Object.freeze({ ...flag.metadata, flagSetId, ...mark }),
  }) as Evaluation
  answers.set(leaf, answer)
  return answer
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
  const key = asKey(readPath(context, by))
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
  return passes(test, readPath(context, test.attribute), now)
}

function deeplyFrozen(value: JsonValue): JsonValue {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(deeplyFrozen)
  return value
}
