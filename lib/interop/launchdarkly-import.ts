import { emptyRecord, isRecord } from '../evaluation/records'
import type { Flag, Segment } from '../evaluation/types'
import { child, type Finding, type Node } from './import-node'
import { type About, type ImportPlan, Inexpressible, isKey } from './import-plan'
import { attributeOf, readClauses } from './launchdarkly-clauses'
import { type Known, readFlag, variationsOf } from './launchdarkly-flag'
import { sound } from './sound'

const LISTS =
  'of an attribute that is a list, LaunchDarkly compares each entry; here "has any of" does, and the other comparisons do not hold'
const isFlag = ({ input }: Node) => isRecord(input) && Array.isArray(input.variations)
const isSegment = ({ input }: Node) => isRecord(input) && !isFlag({ input, path: '' }) && 'included' in input

/** Flags and segments of what the REST API answers: lists of `items`, or single ones. */
function itemsOf(documents: readonly unknown[]): Node[] {
  return documents.flatMap((input, i) => {
    const root: Node = { input, path: documents.length === 1 ? '$' : `$${i + 1}` }
    const items = child(root, 'items')
    return Array.isArray(items.input) ? items.input.map((_, n) => child(items, n)) : [root]
  })
}

/**
 * Reads what LaunchDarkly's REST API answers for `flags/<project>?env=<environment>&summary=0` and
 * `segments/<project>/<environment>`. Takes any JSON and never throws; what cannot be expressed is reported by JSON path.
 *
 * @example const plan = importLaunchDarkly([flags, segments], 'production')
 */
export function importLaunchDarkly(documents: readonly unknown[], environment: string): ImportPlan {
  const items = itemsOf(documents)
  const flagNodes = items.filter(isFlag)
  const segmentNodes = items.filter(isSegment)
  const keyOf = (node: Node) => String(child(node, 'key').input)
  const known: Known = {
    variations: new Map(flagNodes.map((node) => [keyOf(node), variationsOf(node)])),
    segments: new Set(segmentNodes.map(keyOf)),
  }
  const omitted: Finding[] = []
  const inexact: Finding[] = []
  const places = new Map<string, string>()
  const flags = emptyRecord<Flag>()
  const about = emptyRecord<About>()
  const segments = emptyRecord<Segment>()
  const attempt = (node: Node, read: (notes: Finding[]) => void) => {
    const notes: Finding[] = []
    try {
      read(notes)
      inexact.push(...notes)
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      omitted.push({ path: error.path, reason: error.reason })
    }
    places.set(keyOf(node), node.path)
  }
  for (const node of segmentNodes) {
    attempt(node, () => {
      segments[keyOf(node)] = readSegment(node, known)
    })
  }
  for (const node of flagNodes) {
    attempt(node, (notes) => {
      const read = readFlag(node, environment, known, notes)
      flags[keyOf(node)] = read.flag
      about[keyOf(node)] = read.about
    })
  }
  if (items.length > 0 && flagNodes.length === 0)
    omitted.push({ path: '$', reason: 'there is no flag in it: a flag has variations' })
  if (Object.values(flags).some(({ rules }) => rules.length > 0)) inexact.push({ path: '$', reason: LISTS })
  return { ...sound(flags, segments, omitted, (key) => places.get(key) ?? '$'), about, omitted, inexact }
}

function readSegment(node: Node, known: Known): Segment {
  if (!isKey(child(node, 'key').input))
    throw new Inexpressible(child(node, 'key').path, 'keys have up to 128 letters, digits, ".", "_", "-"')
  if (child(node, 'unbounded').input === true)
    throw new Inexpressible(node.path, 'its members are kept elsewhere: it is a big segment')
  const others = [child(node, 'includedContexts'), child(node, 'excludedContexts')]
  for (const { input, path } of others)
    if (Array.isArray(input) && input.length > 0)
      throw new Inexpressible(path, 'it lists contexts that are not users')
  const rules = child(node, 'rules')
  const conditions = Array.isArray(rules.input) ? rules.input.map((_, i) => child(rules, i)) : []
  const ids = (name: string) => (child(node, name).input ?? []) as string[]
  return {
    by: attributeOf('user', 'key', node.path),
    included: ids('included'),
    excluded: ids('excluded'),
    any: conditions.map((rule) => {
      if (typeof child(rule, 'weight').input === 'number')
        throw new Inexpressible(child(rule, 'weight').path, 'a segment takes a share of people')
      return readClauses(child(rule, 'clauses'), known.segments)
    }),
  }
}
