import { emptyRecord } from '../evaluation/records'
import type { Flag, Segment } from '../evaluation/types'
import { child, type Finding, type Node } from './import-node'
import { type About, type ImportPlan, Inexpressible, isKey, keyFrom } from './import-plan'
import { sound } from './sound'
import { constraintsIn, readConstraints } from './unleash-constraints'
import { readStrategy, type Segments } from './unleash-strategies'
import { DISABLED, readVariants, variantsIn } from './unleash-variants'

const ELSE =
  'where no strategy holds, Unleash gives the default that the code names; here the variant "disabled" is served'

const TEXTS =
  'Unleash reads what it compares as text or as the number in a text; here an attribute must have the type of the values'

const each = (node: Node): Node[] =>
  Array.isArray(node.input) ? node.input.map((_, i) => child(node, i)) : []
const textOf = ({ input }: Node) => (typeof input === 'string' ? input : '')

type Export = { readonly root: Node; readonly segments: Segments }

/** What an export has of one flag; it lists strategies, states and tags apart from flags. */
const partsOf = ({ root }: Export, list: string, flag: string, by = 'featureName') =>
  each(child(root, list)).filter((node) => child(node, by).input === flag)

function prerequisitesOf(of: Export, flag: string): Flag['prerequisites'] {
  return partsOf(of, 'dependencies', flag, 'feature')
    .flatMap((node) => each(child(node, 'dependencies')))
    .map((node) => {
      const parent = textOf(child(node, 'feature'))
      const named = each(child(node, 'variants')).map(({ input }) => String(input))
      const names = variantNamesOf(of, parent)
      const isOn = child(node, 'enabled').input !== false
      const served = named.length > 0 ? named : names.filter((name) => name !== 'off' && name !== DISABLED)
      return { flag: parent, variants: isOn ? served : [names.includes('off') ? 'off' : DISABLED] }
    })
}

function strategiesOf(of: Export, flag: string): Node[] {
  const order = (node: Node) => Number(child(node, 'sortOrder').input ?? 0)
  return partsOf(of, 'featureStrategies', flag).sort((a, b) => order(a) - order(b))
}

const stateOf = (of: Export, flag: string): Node =>
  partsOf(of, 'featureEnvironments', flag)[0] ?? { input: null, path: '$.featureEnvironments' }

const allVariantsOf = (of: Export, flag: string) =>
  [
    child(stateOf(of, flag), 'variants'),
    ...strategiesOf(of, flag).map((node) => child(node, 'variants')),
  ].flatMap(variantsIn)

const variantNamesOf = (of: Export, flag: string): string[] =>
  Object.keys(readVariants(allVariantsOf(of, flag), stateOf(of, flag)).variants)

function readFlag(node: Node, of: Export, inexact: Finding[]): Flag {
  const { input: key, path } = child(node, 'name')
  if (!isKey(key)) throw new Inexpressible(path, 'keys have up to 128 letters, digits, ".", "_", "-"')
  if (child(node, 'archived').input === true) throw new Inexpressible(node.path, 'it is archived')
  const state = stateOf(of, key)
  const variants = readVariants(allVariantsOf(of, key), node)
  const isPlain = variants.type === 'boolean'
  const strategies = strategiesOf(of, key)
  const active = strategies.filter((strategy) => child(strategy, 'disabled').input !== true)
  if (!isPlain) inexact.push({ path: node.path, reason: ELSE })
  const everyone = { input: { name: 'default' }, path: node.path } // a flag without a strategy is for all
  const rules = (strategies.length === 0 ? [everyone] : active).map((strategy, i) =>
    readStrategy(strategy, `strategy-${i + 1}`, child(state, 'variants'), of.segments, inexact),
  )
  return {
    ...variants,
    version: 0,
    on: child(state, 'enabled').input === true,
    offVariant: isPlain ? 'off' : null,
    salt: key,
    prerequisites: prerequisitesOf(of, key),
    targets: [],
    rules,
    fallthrough: { variant: isPlain ? 'off' : DISABLED },
  }
}

function readSegments(root: Node, keys: Segments, omitted: Finding[]): Record<string, Segment> {
  const segments = emptyRecord<Segment>()
  for (const node of each(child(root, 'segments'))) {
    const key = keys.get(Number(child(node, 'id').input))
    if (key === undefined) continue
    try {
      const condition = readConstraints(constraintsIn(child(node, 'constraints')))
      segments[key] = { by: 'targetingKey', included: [], excluded: [], any: [condition] }
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      omitted.push({ path: error.path, reason: error.reason })
    }
  }
  return segments
}

function keysOfSegments(root: Node): Segments {
  const keys = new Map<number, string>()
  for (const node of each(child(root, 'segments'))) {
    const name = textOf(child(node, 'name'))
    keys.set(Number(child(node, 'id').input), keyFrom(name, new Set(keys.values()), 'segment'))
  }
  return keys
}

function aboutOf(node: Node, of: Export, key: string): About {
  const tags = partsOf(of, 'featureTags', key).map((tag) => textOf(child(tag, 'tagValue')))
  return {
    name: key,
    description: textOf(child(node, 'description')),
    tags: [...new Set(tags.filter((tag) => tag !== ''))],
    browser: false, // an export does not say
  }
}

/**
 * Reads an export of Unleash (Admin API, `features-batch/export`), which is of one environment. Takes any JSON and never
 * throws; what cannot be expressed is reported by JSON path.
 *
 * @example const plan = importUnleash(JSON.parse(text))
 */
export function importUnleash(document: unknown): ImportPlan {
  const root: Node = { input: document, path: '$' }
  const of: Export = { root, segments: keysOfSegments(root) }
  const omitted: Finding[] = []
  const inexact: Finding[] = []
  const places = new Map<string, string>()
  const flags = emptyRecord<Flag>()
  const about = emptyRecord<About>()
  const features = child(root, 'features')
  if (!Array.isArray(features.input))
    omitted.push({ path: features.path, reason: 'an export lists its features' })
  for (const node of each(features)) {
    const key = textOf(child(node, 'name'))
    const notes: Finding[] = []
    try {
      flags[key] = readFlag(node, of, notes)
      about[key] = aboutOf(node, of, key)
      places.set(key, node.path)
      inexact.push(...notes)
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      omitted.push({ path: error.path, reason: error.reason })
    }
  }
  if (Object.values(flags).some(({ rules }) => rules.length > 0)) inexact.push({ path: '$', reason: TEXTS })
  const segments = readSegments(root, of.segments, omitted)
  return { ...sound(flags, segments, omitted, (key) => places.get(key) ?? '$'), about, omitted, inexact }
}
