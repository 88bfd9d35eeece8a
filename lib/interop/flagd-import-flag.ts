import { isRecord } from '../evaluation/records'
import type { Flag, FlagMetadata, FlagType } from '../evaluation/types'
import { isJson, isOfType } from '../evaluation/values'
import { decide } from './flagd-import-rules'
import { add, type ImportScope, refuse } from './flagd-import-scope'
import { readSteps } from './flagd-import-steps'
import { child, type Node } from './import-node'

export const MOST_LEVELS = 100 // of a flag or an evaluator; deeper is nothing that anyone wrote

/** A flag of a definition, or null where `scope.faults` says what kept it out. `ofSet` is the definition's metadata. */
export function readFlag(key: string, node: Node, ofSet: Node, scope: ImportScope): Flag | null {
  if (!isRecord(node.input) || !isJson(node.input, MOST_LEVELS)) {
    refuse(scope, node, `a flag must be an object of at most ${MOST_LEVELS} levels`)
    return null
  }
  const variants = child(node, 'variants')
  const type = typeOf(variants.input)
  if (!type) refuse(scope, variants, 'variants must be one or more, all boolean, string, number or object')
  const state = child(node, 'state')
  if (state.input !== 'ENABLED' && state.input !== 'DISABLED')
    refuse(scope, state, 'the state must be ENABLED or DISABLED')
  const fallback = child(node, 'defaultVariant')
  const name = fallback.input ?? null
  if (name !== null && typeof name !== 'string') refuse(scope, fallback, 'it must name a variant, or be null')

  const decision = readDecision(child(node, 'targeting'), variants, name as string | null, scope)
  if (!type || !decision) return null
  const { version, metadata } = readMetadata(child(node, 'metadata'), ofSet, scope)
  return {
    type,
    version,
    variants: variants.input as Flag['variants'],
    offVariant: null, // as in flagd, where a flag that is disabled serves the default of the caller
    salt: key,
    prerequisites: [],
    targets: [],
    metadata,
    ...decision,
    on: decision.on && state.input === 'ENABLED',
  }
}

type Decision = Pick<Flag, 'on' | 'rules' | 'fallthrough'>

function readDecision(
  targeting: Node,
  variants: Node,
  fallback: string | null,
  scope: ImportScope,
): Decision | null {
  const { input } = targeting
  const isEmpty = input === undefined || (isRecord(input) && Object.keys(input).length === 0)
  if (!isEmpty) {
    const decision = decide(readSteps(targeting, [], scope), fallback, scope)
    return decision && { on: true, ...decision }
  }
  if (fallback !== null) return { on: true, rules: [], fallthrough: { variant: fallback } }
  const [first = ''] = isRecord(variants.input) ? Object.keys(variants.input) : []
  return { on: false, rules: [], fallthrough: { variant: first } } // it serves the default of the caller to everyone
}

const TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object']

function typeOf(variants: unknown): FlagType | undefined {
  const values = isRecord(variants) ? Object.values(variants) : []
  return values.length === 0
    ? undefined
    : TYPES.find((type) => values.every((value) => isOfType(type, value)))
}

const SET_BY_ENGINE: ReadonlySet<string> = new Set(['flagSetId', 'version', 'rule', 'killed', 'prerequisite'])

/** flagd answers with the metadata of the set and of the flag together. The version of our exports is the flag's. */
function readMetadata(
  ofFlag: Node,
  ofSet: Node,
  scope: ImportScope,
): { version: number; metadata: FlagMetadata } {
  const own = entriesOf(ofFlag)
  for (const [key, value] of own) {
    if (!SET_BY_ENGINE.has(key) || isVersion(key, value)) continue
    add(scope.inexact, {
      path: child(ofFlag, key).path,
      reason: `"${key}" is set by the engine, so it is left out`,
    })
  }
  const merged = new Map([...entriesOf(ofSet).filter(([key]) => !key.startsWith('omitted: ')), ...own])
  const version = own.find(([key, value]) => isVersion(key, value))?.[1] ?? 0
  for (const key of SET_BY_ENGINE) merged.delete(key)
  return { version: version as number, metadata: Object.fromEntries(merged) as FlagMetadata }
}

function isVersion(key: string, value: unknown): boolean {
  return key === 'version' && Number.isSafeInteger(value) && (value as number) >= 0
}

function entriesOf({ input }: Node): [string, unknown][] {
  return isRecord(input) ? Object.keys(input).map((key) => [key, input[key]]) : []
}
