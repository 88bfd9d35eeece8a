import { BOUNDS } from '../evaluation/bounds'
import { attributeOf } from './flagd-import-operands'
import { type ImportScope, operation, refuse } from './flagd-import-scope'
import { child, type Node } from './import-node'

/** A `fractional` with all its people: who gets what, by which attribute and salt. */
export type Fraction = {
  readonly by: string
  readonly salt: string
  /** `null`: the default variant. */
  readonly parts: readonly { readonly variant: string | null; readonly weight: number }[]
  /** Whether the definition names the key; by default it is the flag's key and `targetingKey`. */
  readonly isExplicit: boolean
  readonly path: string
}

const TARGETING_KEY = 'targetingKey'
const MOST_WEIGHT = 2 ** 31 - 1 // flagd serves the default variant past it

export function readFraction(operands: readonly Node[], node: Node, scope: ImportScope): Fraction | null {
  const [first] = operands
  const hasKey = first !== undefined && !Array.isArray(first.input)
  const key = hasKey ? readKey(first, scope) : { by: TARGETING_KEY, salt: scope.flagKey ?? '' }
  if (!key) {
    refuse(
      scope,
      first!,
      'people are drawn by one attribute, after constant text: {"cat": ["text", {"var": "attribute"}]}',
    )
    return null
  }
  const parts = (hasKey ? operands.slice(1) : operands).map((operand) => readPart(operand, scope))
  const sound = parts.filter((part) => part !== null)
  if (sound.length < parts.length) return null
  const total = sound.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0 || total > MOST_WEIGHT) {
    refuse(
      scope,
      node,
      `weights add up to ${total}: they must add up to 1 at least and ${MOST_WEIGHT} at most`,
    )
    return null
  }
  return { ...key, parts: sound.filter(({ weight }) => weight > 0), isExplicit: hasKey, path: node.path }
}

/** The engine hashes salt and id, one after the other; so does flagd with what `cat` makes. */
function readKey(node: Node, scope: ImportScope): { by: string; salt: string } | null {
  const sole = attributeOf(node)
  if (sole !== null) return { by: sole, salt: '' }
  const found = operation(node)
  if (found?.operator !== 'cat') return null
  const by = attributeOf(found.operands.at(-1) ?? node)
  const texts = found.operands.slice(0, -1).map((operand) => readText(operand, scope))
  return by === null || texts.includes(null) ? null : { by, salt: texts.join('') }
}

function readText(node: Node, { flagKey }: ImportScope): string | null {
  if (typeof node.input === 'string') return node.input
  const found = operation(node)
  return found?.operator === 'var' && found.operands[0]?.input === '$flagd.flagKey' ? flagKey : null
}

function readPart(node: Node, scope: ImportScope): Fraction['parts'][number] | null {
  const { input } = node
  if (!Array.isArray(input) || input.length === 0 || input.length > 2) {
    refuse(scope, node, 'a part is a variant and its weight')
    return null
  }
  const [variant, weight = 1] = input
  if (!Number.isInteger(weight)) {
    refuse(scope, child(node, 1), 'a weight must be a whole number; what is worked out cannot be imported')
    return null
  }
  if (variant !== null && typeof variant !== 'string' && typeof variant !== 'boolean') {
    refuse(scope, child(node, 0), 'a part serves a variant; what is worked out cannot be imported')
    return null
  }
  return { variant: variant === null ? null : String(variant), weight: Math.max(0, weight) }
}

/** The share of everyone, in steps of 0.001 %, that a cut in the weights comes closest to. */
export function shareOf(cut: number, total: number): { share: number; isExact: boolean } {
  const nearest = Math.round((cut * BOUNDS.whole) / total)
  const share = cut === total ? BOUNDS.whole : Math.min(Math.max(nearest, 1), BOUNDS.whole - 1) // 0 and all need no key
  return { share, isExact: BigInt(share) * BigInt(total) === BigInt(cut) * BigInt(BOUNDS.whole) }
}

export function totalOf({ parts }: Fraction): number {
  return parts.reduce((sum, { weight }) => sum + weight, 0)
}
