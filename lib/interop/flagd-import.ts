import { emptyRecord, isRecord, own } from '../evaluation/records'
import type { Condition, Flag, Segment } from '../evaluation/types'
import { isJson } from '../evaluation/values'
import { MOST_LEVELS, readFlag } from './flagd-import-flag'
import type { ImportScope } from './flagd-import-scope'
import { child, type Finding, type Node } from './import-node'
import { sound } from './sound'

export type FlagdImport = {
  readonly flags: Readonly<Record<string, Flag>>
  readonly segments: Readonly<Record<string, Segment>>
  /** What was left out. A flag with a part that cannot be expressed is left out whole. */
  readonly omitted: readonly Finding[]
  /** What was taken over, and in which respect it is not the same. */
  readonly inexact: readonly Finding[]
}

const MOST_STEPS = 20_000 // expressions read for one flag; evaluators that refer to each other multiply

/**
 * Reads a flagd definition. Takes any JSON and never throws; what cannot be expressed is reported by JSON path.
 *
 * @example const { flags, segments, omitted, inexact } = importFlagd(JSON.parse(text))
 */
export function importFlagd(definition: unknown): FlagdImport {
  const root: Node = { input: definition, path: '$' }
  const omitted: Finding[] = []
  const inexact: Finding[] = []
  const shared = {
    evaluators: readEvaluators(child(root, '$evaluators'), omitted),
    segments: new Map(),
    referred: new Set<string>(),
    trail: [],
  }
  const flags = emptyRecord<Flag>()
  for (const { key, node } of readFlagNodes(child(root, 'flags'), omitted)) {
    const scope: ImportScope = {
      ...shared,
      flagKey: key,
      faults: [],
      inexact: [],
      budget: { left: MOST_STEPS },
    }
    const flag = readFlag(key, node, child(root, 'metadata'), scope)
    omitted.push(...scope.faults)
    if (!flag || scope.faults.length > 0) continue
    flags[key] = flag
    inexact.push(...scope.inexact)
  }
  for (const name of Object.keys(shared.evaluators.input as object)) {
    if (shared.referred.has(name)) continue
    omitted.push({ path: child(shared.evaluators, name).path, reason: 'no flag refers to it' })
  }
  const at = (key: string) => child(child(root, 'flags'), key).path
  return {
    ...sound(flags, segmentsOf(shared.segments), omitted, at),
    omitted: distinct(omitted),
    inexact: distinct(inexact),
  }
}

/** An evaluator's findings come with every flag that refers to it. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.path} ${finding.reason}`, finding])).values()]
}

function readEvaluators(node: Node, omitted: Finding[]): Node {
  const { input } = node
  const found = emptyRecord<unknown>()
  for (const name of isRecord(input) ? Object.keys(input) : []) {
    const evaluator = child(node, name)
    if (isJson(evaluator.input, MOST_LEVELS)) found[name] = evaluator.input
    else omitted.push({ path: evaluator.path, reason: `it is nested more than ${MOST_LEVELS} levels deep` })
  }
  return { ...node, input: found }
}

/** A definition has its flags by key; that of a flagd daemon may list them instead. */
function readFlagNodes(flags: Node, omitted: Finding[]): { key: string; node: Node }[] {
  const { input, path } = flags
  if (isRecord(input)) return Object.keys(input).map((key) => ({ key, node: child(flags, key) }))
  if (!Array.isArray(input)) {
    omitted.push({ path, reason: 'flags must be an object, or a list of flags with a key each' })
    return []
  }
  const seen = new Set<string>()
  return input.flatMap((entry, i) => {
    const node = child(flags, i)
    const key = isRecord(entry) ? own(entry, 'key') : undefined
    if (typeof key === 'string' && !seen.has(key)) {
      seen.add(key)
      return [{ key, node }]
    }
    omitted.push({ path: node.path, reason: 'a flag in a list needs a key that no other has' })
    return []
  })
}

function segmentsOf(drafts: ImportScope['segments']): Record<string, Segment> {
  const segments = emptyRecord<Segment>()
  for (const [key, { condition, faults }] of drafts) {
    if (faults.length === 0)
      segments[key] = { by: 'targetingKey', included: [], excluded: [], any: alternatives(condition) }
  }
  return segments
}

function alternatives(condition: Condition): readonly Condition[] {
  return 'any' in condition ? condition.any : [condition]
}
