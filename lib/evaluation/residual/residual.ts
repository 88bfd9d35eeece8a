import type { ParsedConfig } from '../parsed-config'
import type { World } from '../scope'
import type { AttributeCondition, Condition, EvaluationContext, Flag, JsonValue, Segment } from '../types'
import { FOREVER } from './fold-condition'
import { foldFlag, outcomesOf } from './fold-flag'
import { isPublic, type Marks } from './marks'
import { isSimple } from './tests'
import type { Leaf, Residual, ResidualFlag, Step, Test } from './types'

/** What a residual is made from: one version of a config, seen by those whom `flags` are for. */
export type Source = {
  readonly config: ParsedConfig
  /** The keys of the flags that are shown. */
  readonly flags: readonly string[]
  readonly attributes: Marks
}

/**
 * Decides for one context (at `now`, epoch ms) all that rests on private attributes, and leaves what rests on public
 * ones to whoever holds the residual. For every other context with the same private attributes, and until `validUntil`,
 * `resolveResidual` answers as `resolve` does with the whole config.
 *
 * @example residualOf({ config, flags: ['checkout'], attributes: { country: 'public' } }, context, Date.now())
 */
export function residualOf(source: Source, context: EvaluationContext, now: number): Residual {
  const { config, flags } = source
  const { program, flagSetId, id, killedAt } = config
  const attributes = effectiveMarks(source)
  const fold = {
    scope: { world: program, context, now, trace: undefined, nodes: 0 },
    folded: new Map(),
    isPublic: (attribute: string) => isPublic(attributes, attribute),
  }
  let until = FOREVER
  let compares = false
  const shown: [string, ResidualFlag][] = []
  for (const key of flags) {
    const cell = program.cell(key)
    if (cell === undefined) continue
    const folded = foldFlag(key, fold)
    until = Math.min(until, folded.until)
    compares ||= folded.steps.some(needsComparing)
    shown.push([key, residualFlag(cell.flag, folded.steps)])
  }
  return {
    schema: 1,
    mode: 'residual',
    flagSetId,
    id,
    killedAt,
    validUntil: until === FOREVER ? null : until,
    attributes,
    compares,
    flags: Object.fromEntries(shown),
  }
}

function residualFlag(flag: Flag | null, steps: readonly Step<Leaf>[]): ResidualFlag {
  if (!flag) return { variants: {}, metadata: {}, off: null, steps }
  const { type, version, metadata, offVariant } = flag
  const reached = new Set(steps.flatMap(outcomesOf).map(({ variant }) => variant))
  reached.add(offVariant ?? undefined)
  const variants = Object.entries(flag.variants).filter(([name]) => reached.has(name))
  return {
    ...(type !== 'boolean' && { type }),
    variants: Object.fromEntries(variants) as Record<string, JsonValue>,
    metadata: { ...metadata, version },
    off: offVariant,
    steps,
  }
}

function needsComparing({ when }: Step<unknown>): boolean {
  return when !== undefined && testNeedsComparing(when)
}

function testNeedsComparing(test: Test): boolean {
  if ('all' in test) return test.all.some(testNeedsComparing)
  if ('any' in test) return test.any.some(testNeedsComparing)
  if ('not' in test) return testNeedsComparing(test.not)
  return 'met' in test ? test.met.some(needsComparing) : !isSimple(test.op)
}

const marksOf = new WeakMap<Source, Marks>()

/**
 * The marks, with everything private that could not be decided in a browser without showing what nobody may see there:
 * who is on a list or an individual target, and patterns, whose engine stays on the server. Worked out once a source.
 */
function effectiveMarks(source: Source): Marks {
  let marks = marksOf.get(source)
  if (!marks) {
    const withheld = withheldAttributes(source.config.program, source.flags)
    marks = { ...source.attributes, ...Object.fromEntries([...withheld].map((name) => [name, 'private'])) }
    marksOf.set(source, marks)
  }
  return marks
}

function withheldAttributes(world: World, keys: readonly string[]): Set<string> {
  const withheld = new Set(['targetingKey'])
  const segments = new Set<string>()
  const ofCondition = (condition: Condition): void => {
    if ('all' in condition) condition.all.forEach(ofCondition)
    else if ('any' in condition) condition.any.forEach(ofCondition)
    else if ('not' in condition) ofCondition(condition.not)
    else if ('segment' in condition) segments.add(condition.segment)
    else ofAttribute(condition)
  }
  const ofAttribute = ({ attribute, op }: AttributeCondition) => {
    if (op === 'matches') withheld.add(attribute)
  }
  const ofSegment = ({ by, included, excluded, any }: Segment) => {
    if (included.length + excluded.length > 0) withheld.add(by)
    any.forEach(ofCondition)
  }
  const reached = new Set(keys) // a Set visits what is added while it is walked
  for (const key of reached) {
    const flag = world.cell(key)?.flag
    for (const needed of flag?.prerequisites ?? []) reached.add(needed.flag)
    for (const { by } of flag?.targets ?? []) withheld.add(by)
    for (const { when } of flag?.rules ?? []) ofCondition(when)
  }
  for (const key of segments) {
    const segment = world.segment(key)?.value
    if (segment) ofSegment(segment)
  }
  return withheld
}
