import { WHOLE } from '../evaluation/bounds'
import type { Flag, JsonValue, Rollout } from '../evaluation/types'
import { child, type Node } from './import-node'
import { Inexpressible, isKey } from './import-plan'

/** What those get for whom no strategy holds: Unleash's name for it. */
export const DISABLED = 'disabled'

type Variant = {
  readonly name: string
  readonly weight: number
  readonly value: JsonValue
  readonly type: string
}

const EMPTY: Readonly<Record<string, JsonValue>> = { string: '', number: 0, object: {} }
const KINDS: Readonly<Record<string, string>> = { json: 'object', number: 'number' }

function payloadOf(node: Node, name: string): Pick<Variant, 'value' | 'type'> {
  const payload = child(node, 'payload')
  const text = child(payload, 'value').input
  if (typeof text !== 'string') return { value: name, type: 'string' }
  const type = KINDS[String(child(payload, 'type').input)] ?? 'string'
  if (type === 'string') return { value: text, type }
  try {
    return { value: JSON.parse(text), type }
  } catch {
    throw new Inexpressible(payload.path, `its payload is no ${type}`)
  }
}

export function variantsIn(node: Node): Variant[] {
  const { input } = node
  const nodes = Array.isArray(input) ? input.map((_, i) => child(node, i)) : []
  return nodes.map((each) => {
    const { input: name, path } = child(each, 'name')
    const weight = child(each, 'weight').input
    if (!isKey(name)) throw new Inexpressible(path, 'names have up to 128 letters, digits, ".", "_", "-"')
    if (typeof weight !== 'number') throw new Inexpressible(each.path, 'a variant needs a weight')
    return { name, weight, ...payloadOf(each, name) }
  })
}

/** Type and variants of a flag: on and off, or those that its strategies name, and what others get. */
export function readVariants(all: readonly Variant[], { path }: Node): Pick<Flag, 'type' | 'variants'> {
  if (all.length === 0) return { type: 'boolean', variants: { on: true, off: false } }
  const [type = 'string', ...others] = new Set(all.map((variant) => variant.type))
  if (others.length > 0) throw new Inexpressible(path, 'its variants have payloads of several types')
  const values = new Map(all.map(({ name, value }) => [name, value]))
  const differs = all.find(({ name, value }) => JSON.stringify(values.get(name)) !== JSON.stringify(value))
  if (differs) throw new Inexpressible(path, `its variant "${differs.name}" has several payloads`)
  return {
    type: type as Flag['type'],
    variants: { ...Object.fromEntries(values), [DISABLED]: values.get(DISABLED) ?? EMPTY[type]! },
  }
}

/** Who inside a share gets what: weights of a thousand, in steps of 0.001 %. */
export function splitOf(variants: readonly Variant[]): Rollout['split'] {
  const kept = variants.filter(({ weight }) => weight > 0)
  const sum = kept.reduce((total, { weight }) => total + weight, 0)
  if (sum === 0) return [{ variant: 'on', weight: WHOLE }]
  const weights = kept.map(({ name, weight }) => ({
    variant: name,
    weight: Math.round((weight / sum) * WHOLE),
  }))
  const rest = WHOLE - weights.reduce((total, { weight }) => total + weight, 0)
  return weights.map((part, i) => (i === 0 ? { ...part, weight: part.weight + rest } : part))
}
