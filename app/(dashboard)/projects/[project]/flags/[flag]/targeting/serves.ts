import type { FieldProblem } from '@/lib/api-client'
import type { Rollout, Serve } from '@/lib/evaluation/types'

const WHOLE = 100_000
const FIRST_SHARE = 10_000 // 10 %: enough to see, little enough to regret

type Split = Rollout['split']

/** Equal parts that add up exactly: the first take what does not divide. */
export function evenly(variants: readonly string[]): Split {
  const part = Math.floor(WHOLE / variants.length)
  const left = WHOLE - part * variants.length
  return variants.map((variant, index) => ({ variant, weight: part + (index < left ? 1 : 0) }))
}

/** Who is outside the share: the next rule decides, or, on the last line, another variant. */
const restOf = (last: boolean, served: string, variants: readonly string[], offVariant: string | null) =>
  last
    ? { variant: [offVariant, ...variants].find((name) => name !== null && name !== served) ?? served }
    : ('continue' as const)

type Place = { last: boolean; variants: readonly string[]; offVariant: string | null }

/**
 * On the last line everyone else stays with the off variant: of "serve off", a percentage means that the first
 * few get the other variant, never that most do at once.
 */
export function toPercentage(variant: string, { last, variants, offVariant }: Place): Serve {
  const served =
    last && variant === offVariant ? (variants.find((name) => name !== offVariant) ?? variant) : variant
  const split = [{ variant: served, weight: WHOLE }]
  return { rollout: { share: FIRST_SHARE, split, rest: restOf(last, served, variants, offVariant) } }
}

/** A split of everyone, or of the share that is there already. */
export function toSplit(serve: Serve, { last, variants, offVariant }: Place): Serve {
  const split = evenly(variants)
  if ('rollout' in serve) return { rollout: { ...serve.rollout, split } }
  return { rollout: { share: WHOLE, split, rest: restOf(last, serve.variant, variants, offVariant) } }
}

/** All variants that it names. */
export function variantsOf(serve: Serve): string[] {
  if ('variant' in serve) return [serve.variant]
  const { split, rest } = serve.rollout
  return [...split.map(({ variant }) => variant), ...(rest === 'continue' ? [] : [rest.variant])]
}

/** Variants that are named, and are not there: somebody took them away, or the JSON view misspelt them. */
export const unknownVariants = (names: readonly string[], variants: readonly string[]): FieldProblem[] =>
  names
    .filter((name) => !variants.includes(name))
    .map((name) => ({ path: '', message: `There is no variant “${name}”: choose another` }))

export const sumOf = (split: Split) => split.reduce((sum, part) => sum + part.weight, 0)
