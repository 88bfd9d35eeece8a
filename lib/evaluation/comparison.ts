import { isOwn, peek } from './attributes'
import type { Test } from './operator-entry'
import { prepareTest } from './operators'
import type { AttributeCondition, Condition, EvaluationContext } from './types'

/**
 * The commonest condition by far: a test of one attribute whose name has no dot. An object, and not a closure as other
 * conditions, so that engines can put its method in where it is called.
 */
export class Comparison {
  readonly #attribute: string
  readonly #test: Test
  readonly #wanted: boolean

  private constructor(condition: AttributeCondition) {
    this.#attribute = condition.attribute
    this.#test = prepareTest(condition)
    this.#wanted = condition.negate !== true
  }

  /** `null` for any other condition. */
  static of(condition: Condition): Comparison | null {
    if (!('attribute' in condition) || condition.attribute.includes('.')) return null
    const seesMissing = condition.op === 'is_not_set' && condition.negate !== true
    return seesMissing ? null : new Comparison(condition)
  }

  passes(context: EvaluationContext, now: number): boolean {
    const actual = peek(context, this.#attribute)
    // Whether it is the context's own is asked last: what fails the test fails either way.
    return actual !== undefined && this.#test(actual, now) === this.#wanted && isOwn(context, this.#attribute)
  }
}
