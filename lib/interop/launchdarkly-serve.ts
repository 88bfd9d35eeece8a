import { WHOLE } from '../evaluation/bounds'
import type { Serve } from '../evaluation/types'
import { child, type Finding, type Node } from './import-node'
import { Inexpressible } from './import-plan'
import { attributeOf } from './launchdarkly-clauses'

/** The variants of a flag in the order of its variations. */
export type Variations = readonly string[]

export function variantAt(variations: Variations, { input, path }: Node): string {
  const variant = typeof input === 'number' ? variations[input] : undefined
  if (variant === undefined) throw new Inexpressible(path, 'it names a variation that is not there')
  return variant
}

/** A variation, or shares of several: as many people each, but others, as buckets are numbered in another way. */
export function readServe(node: Node, variations: Variations, inexact: Finding[]): Serve {
  const rollout = child(node, 'rollout')
  if (rollout.input === undefined || rollout.input === null)
    return { variant: variantAt(variations, child(node, 'variation')) }
  const shares = child(rollout, 'variations')
  if (!Array.isArray(shares.input))
    throw new Inexpressible(shares.path, 'a rollout needs a list of variations')
  const weights = new Map<string, number>()
  for (const i of shares.input.keys()) {
    const share = child(shares, i)
    const weight = child(share, 'weight').input
    if (typeof weight !== 'number') throw new Inexpressible(share.path, 'each share needs a weight')
    const variant = variantAt(variations, child(share, 'variation'))
    weights.set(variant, (weights.get(variant) ?? 0) + weight)
  }
  const split = [...weights].filter(([, weight]) => weight > 0)
  if (split.length === 1) return { variant: split[0]![0] }
  const by = byOf(rollout)
  inexact.push({
    path: rollout.path,
    reason: 'the shares are the same, but it is other people who are in them',
  })
  return {
    rollout: {
      ...(by !== 'targetingKey' && { by }),
      share: WHOLE,
      split: split.map(([variant, weight]) => ({ variant, weight })),
      rest: { variant: split.at(-1)![0] },
    },
  }
}

function byOf(rollout: Node): string {
  const kind = child(rollout, 'contextKind').input
  const isExperiment = child(rollout, 'kind').input === 'experiment' // it always buckets by the key
  const by = isExperiment ? 'key' : (child(rollout, 'bucketBy').input ?? 'key')
  return attributeOf(kind, by, child(rollout, 'bucketBy').path)
}
