import { isRecord } from '../evaluation/records'
import type { Flag, FlagType, JsonValue, Rule, Target } from '../evaluation/types'
import { isOfType } from '../evaluation/values'
import { child, type Finding, type Node } from './import-node'
import { type About, Inexpressible, isKey, keyFrom } from './import-plan'
import { attributeOf, readClauses } from './launchdarkly-clauses'
import { readServe, type Variations, variantAt } from './launchdarkly-serve'

export type Read = { readonly flag: Flag; readonly about: About }

/** What flags know of each other: the variations of each, and the segments that were given. */
export type Known = {
  readonly variations: ReadonlyMap<string, Variations>
  readonly segments: ReadonlySet<string>
}

const TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object']
const listOf = ({ input }: Node): readonly unknown[] => (Array.isArray(input) ? input : [])
const each = (node: Node): Node[] => listOf(node).map((_, i) => child(node, i))
const textOf = ({ input }: Node) => (typeof input === 'string' ? input : '')

/** Names of the variants of a flag: `on` and `off` of a boolean one, else after what its variations are called. */
export function variationsOf(node: Node): Variations {
  const taken = new Set<string>()
  return each(child(node, 'variations')).map((variation, i) => {
    const value = child(variation, 'value').input
    const name =
      typeof value === 'boolean' ? (value ? 'on' : 'off') : textOf(child(variation, 'name')) || String(value)
    const key = keyFrom(name.slice(0, 60), taken, `variation-${i + 1}`)
    taken.add(key)
    return key
  })
}

function readVariants(node: Node, names: Variations): Pick<Flag, 'type' | 'variants'> {
  const values = each(child(node, 'variations')).map((variation) => child(variation, 'value').input)
  const type = TYPES.find((each) => values.length > 0 && values.every((value) => isOfType(each, value)))
  if (!type)
    throw new Inexpressible(
      child(node, 'variations').path,
      'the values must all be boolean, text, numbers or objects',
    )
  return { type, variants: Object.fromEntries(names.map((name, i) => [name, values[i] as JsonValue])) }
}

/** People who were named one by one; of other kinds of context than users they are in a list of their own. */
function readTargets(node: Node, names: Variations): Target[] {
  const lists = [...each(child(node, 'targets')), ...each(child(node, 'contextTargets'))]
  return lists.flatMap((list) => {
    const values = listOf(child(list, 'values')) as string[]
    if (values.length === 0) return []
    const by = attributeOf(child(list, 'contextKind').input, 'key', list.path)
    return [{ variant: variantAt(names, child(list, 'variation')), by, values }]
  })
}

function readRules(node: Node, names: Variations, { segments }: Known, inexact: Finding[]): Rule[] {
  return each(child(node, 'rules')).map((rule, i) => {
    const name = textOf(child(rule, 'description'))
    return {
      id: `rule-${i + 1}`,
      ...(name !== '' && { name: name.slice(0, 200) }),
      when: readClauses(child(rule, 'clauses'), segments),
      serve: readServe(rule, names, inexact),
    }
  })
}

function readPrerequisites(node: Node, { variations }: Known): Flag['prerequisites'] {
  return each(child(node, 'prerequisites')).map((needed) => {
    const flag = textOf(child(needed, 'key'))
    const names = variations.get(flag)
    if (!names)
      throw new Inexpressible(needed.path, `it needs the flag "${flag}", which is not in what was given`)
    return { flag, variants: [variantAt(names, child(needed, 'variation'))] }
  })
}

const tagsOf = (node: Node) => listOf(child(node, 'tags')).filter((tag) => typeof tag === 'string')

/** A flag as it decides in one of its environments. @throws Inexpressible where a part of it cannot be taken over */
export function readFlag(node: Node, environment: string, known: Known, inexact: Finding[]): Read {
  const key = textOf(child(node, 'key'))
  if (!isKey(key))
    throw new Inexpressible(child(node, 'key').path, 'keys have up to 128 letters, digits, ".", "_", "-"')
  if (child(node, 'archived').input === true) throw new Inexpressible(node.path, 'it is archived')
  const here = child(child(node, 'environments'), environment)
  if (!isRecord(here.input)) throw new Inexpressible(here.path, `it has no environment "${environment}"`)
  const names = known.variations.get(key)!
  const off = child(here, 'offVariation')
  const browser = child(child(node, 'clientSideAvailability'), 'usingEnvironmentId').input === true
  return {
    flag: {
      ...readVariants(node, names),
      version: 0,
      on: child(here, 'on').input === true,
      offVariant: typeof off.input === 'number' ? variantAt(names, off) : null,
      salt: key,
      prerequisites: readPrerequisites(here, known),
      targets: readTargets(here, names),
      rules: readRules(here, names, known, inexact),
      fallthrough: readServe(child(here, 'fallthrough'), names, inexact),
    },
    about: {
      name: textOf(child(node, 'name')) || key,
      description: textOf(child(node, 'description')),
      tags: tagsOf(node) as string[],
      browser,
    },
  }
}
