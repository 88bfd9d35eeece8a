import type { AttributeCondition, Config, Flag, JsonValue } from '../../lib/evaluation/index'
import type { VectorCase, Vectors } from '../support/vectors'
import { lists, matches, NOW, networks, type Row, times } from './operator-rows'
import { ranges, versions } from './version-rows'

/**
 * The vectors of single conditions. Which attribute meets which condition is written by hand; what follows from that,
 * with `negate` and without, is spelled out here for every one of them.
 */
const files: Readonly<Record<string, readonly Row[]>> = {
  'operators-matches': matches,
  'operators-times': times,
  'operators-versions': versions,
  'operators-ranges': ranges,
  'operators-lists': lists,
  'operators-networks': networks,
}

const on = { value: true, reason: 'TARGETING_MATCH', variant: 'on' } as const
const off = { value: false, reason: 'DEFAULT', variant: 'off' } as const

function flagOf(when: AttributeCondition): Flag {
  return {
    type: 'boolean',
    version: 1,
    on: true,
    variants: { on: true, off: false },
    offVariant: 'off',
    salt: 'salt',
    prerequisites: [],
    targets: [],
    rules: [{ id: 'r', when, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  }
}

const LONGEST_SHOWN = 60

function show(value: JsonValue | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}... (${text.length})` : text
}

/** One attribute and one condition: the answer, and the one with `negate`. The default is never the answer. */
function casesOf(row: Row, flag: string): VectorCase[] {
  const one = (a: JsonValue | undefined, said: string, passes: boolean, negate: boolean): VectorCase => ({
    description: `${negate ? 'not ' : ''}${flag}: ${said} ${show(a)}`,
    flag: negate ? `${flag}.negated` : flag,
    type: 'boolean',
    default: !passes,
    context: { targetingKey: 'user-1', ...(a !== undefined && { a }) },
    now: NOW,
    expect: passes ? on : off,
  })
  return [
    ...row.match.flatMap((a) => [one(a, 'match on', true, false), one(a, 'match on', false, true)]),
    ...row.miss.flatMap((a) => [one(a, 'no match on', false, false), one(a, 'no match on', true, true)]),
    ...[...row.other, null, undefined].flatMap((a) => [
      one(a, 'does not compare', false, false),
      one(a, 'does not compare', false, true),
    ]),
  ]
}

function vectorsOf(file: string, rows: readonly Row[]): Vectors {
  const flags: Record<string, Flag> = {}
  const cases: VectorCase[] = []
  for (const [i, row] of rows.entries()) {
    const { op, values, ignoreCase } = row
    const key = `${op}-${i}`
    const when: AttributeCondition = { attribute: 'a', op, values, ...(ignoreCase && { ignoreCase }) }
    flags[key] = flagOf(when)
    flags[`${key}.negated`] = flagOf({ ...when, negate: true })
    cases.push(...casesOf(row, key))
  }
  const config: Config = {
    schema: 1,
    flagSetId: `vectors/${file}`,
    id: '1.1.00000001',
    flags,
    segments: {},
    killed: [],
    killedAt: '1.0.00000000',
  }
  return { config, cases }
}

/** File name, without its ending, to content. */
export const operatorVectors: ReadonlyMap<string, Vectors> = new Map(
  Object.entries(files).map(([file, rows]) => [file, vectorsOf(file, rows)]),
)
