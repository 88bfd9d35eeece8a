import {
  attributesNamed,
  BOUNDS,
  type Condition,
  isPublic,
  type JsonValue,
  type Marks,
  type Prerequisite,
  type Rule,
  type Serve,
  segmentsNamed,
  type Target,
} from '@/lib/evaluation'
import { reachable } from './compile'
import type { FieldError } from './errors'

/** One flag, as far as other flags depend on it. */
export type Neighbour = {
  variants: readonly string[]
  prerequisites: readonly Prerequisite[]
  browser: boolean
}

/** What else exists in the environment. Flags that nothing names may be absent. */
export type World = {
  flags: ReadonlyMap<string, Neighbour>
  segments: ReadonlyMap<string, { refs: readonly string[]; lists: boolean; any: readonly Condition[] }>
  /** Which attributes browsers may see compared; null: no key of the environment ships rules to browsers. */
  readable: Marks | null
}

export type Checked = {
  key: string
  variants: Readonly<Record<string, JsonValue>>
  browser: boolean
  offVariant: string | null
  prerequisites: readonly Prerequisite[]
  targets: readonly Target[]
  rules: readonly Rule[]
  fallthrough: Serve
}

function served(serve: Serve): string[] {
  if ('variant' in serve) return [serve.variant]
  const { split, rest } = serve.rollout
  return [...split.map((part) => part.variant), ...(rest === 'continue' ? [] : [rest.variant])]
}

/** Every place that names a variant of the flag itself. */
function variantRefs(flag: Checked): { path: string; variant: string }[] {
  const at = (path: string) => (variant: string) => ({ path, variant })
  return [
    ...(flag.offVariant === null ? [] : [flag.offVariant]).map(at('offVariant')),
    ...flag.targets.map((target, i) => at(`targets.${i}.variant`)(target.variant)),
    ...flag.rules.flatMap((rule, i) => served(rule.serve).map(at(`rules.${i}.serve`))),
    ...served(flag.fallthrough).map(at('fallthrough')),
  ]
}

const quoted = (names: Iterable<string>) => [...names].map((name) => `"${name}"`).join(', ')

function variantErrors(flag: Checked): FieldError[] {
  return variantRefs(flag)
    .filter(({ variant }) => !Object.hasOwn(flag.variants, variant))
    .map(({ path, variant }) => ({
      path,
      message: `flag "${flag.key}" has no variant "${variant}": use one of ${quoted(Object.keys(flag.variants))}`,
    }))
}

function prerequisiteErrors(flag: Checked, world: World): FieldError[] {
  return flag.prerequisites.flatMap((needed, i) => {
    const path = `prerequisites.${i}`
    const other = world.flags.get(needed.flag)
    if (needed.flag === flag.key) return [{ path, message: `flag "${flag.key}" cannot need itself` }]
    if (!other)
      return [{ path, message: `there is no flag "${needed.flag}" to need: create or restore it first` }]
    return needed.variants
      .filter((variant) => !other.variants.includes(variant))
      .map((variant) => ({
        path,
        message: `flag "${needed.flag}" has no variant "${variant}": use one of ${quoted(other.variants)}`,
      }))
  })
}

/** Nodes of the expanded prerequisite tree, or Infinity when it has a cycle. */
function treeSize(
  key: string,
  needs: (key: string) => readonly string[],
  above: readonly string[] = [],
): number {
  if (above.includes(key)) return Number.POSITIVE_INFINITY
  let nodes = 1
  for (const next of needs(key)) {
    nodes += treeSize(next, needs, [...above, key])
    if (nodes > BOUNDS.prerequisiteNodes) return nodes
  }
  return nodes
}

function prerequisiteTreeErrors(flag: Checked, world: World): FieldError[] {
  if (flag.prerequisites.length === 0) return []
  const needs = (key: string) =>
    (key === flag.key ? flag.prerequisites : (world.flags.get(key)?.prerequisites ?? [])).map((p) => p.flag)
  // Whatever needs this flag grows with it.
  for (const key of [flag.key, ...world.flags.keys()]) {
    const nodes = treeSize(key, needs)
    if (nodes === Number.POSITIVE_INFINITY)
      return [{ path: 'prerequisites', message: `flag "${key}" would need itself through its prerequisites` }]
    if (nodes > BOUNDS.prerequisiteNodes)
      return [
        {
          path: 'prerequisites',
          message: `flag "${key}" would need more than ${BOUNDS.prerequisiteNodes} flags: shorten the chain`,
        },
      ]
  }
  return []
}

function segmentErrors(flag: Checked, world: World): FieldError[] {
  return flag.rules.flatMap((rule, i) =>
    segmentsNamed([rule.when])
      .filter((key) => !world.segments.has(key))
      .map((key) => ({ path: `rules.${i}.when`, message: `there is no segment "${key}": create it first` })),
  )
}

/** What a targeting breaks against the locked state of its environment; empty when it may be published. */
export function targetingErrors(flag: Checked, world: World): FieldError[] {
  return [
    ...variantErrors(flag),
    ...prerequisiteErrors(flag, world),
    ...prerequisiteTreeErrors(flag, world),
    ...segmentErrors(flag, world),
  ]
}

/** Why the rules of a flag may not be sent to browsers as they are, naming the path; null when they may. */
export function browserProblem(flag: Checked, { flags, segments, readable }: World): string | null {
  if (!flag.browser || readable === null) return null
  if (flag.targets.length > 0) return 'targets: individual targets would be readable in every browser'
  const hidden = flag.prerequisites.findIndex((needed) => flags.get(needed.flag)?.browser !== true)
  if (hidden >= 0)
    return `prerequisites.${hidden}: flag "${flag.prerequisites[hidden]?.flag}" is not available to browsers`
  for (const [i, { when }] of flag.rules.entries()) {
    const reached = [...reachable(segmentsNamed([when]), (key) => segments.get(key)?.refs ?? [])]
    const listed = reached.find((key) => segments.get(key)?.lists)
    if (listed !== undefined)
      return `rules.${i}.when: the list of segment "${listed}" would be readable in every browser`
    const compared = attributesNamed([when, ...reached.flatMap((key) => segments.get(key)?.any ?? [])])
    const secret = compared.find((attribute) => !isPublic(readable, attribute))
    if (secret !== undefined)
      return `rules.${i}.when: what the private attribute "${secret}" is compared to would be readable in every browser; mark it public`
  }
  return null
}

/** A cycle that a segment would close, as a message; null when there is none. */
export function segmentCycle(
  key: string,
  any: readonly Condition[],
  refs: (key: string) => readonly string[],
): string | null {
  const reached = reachable(segmentsNamed(any), refs)
  return reached.has(key) ? `segment "${key}" would contain itself` : null
}
