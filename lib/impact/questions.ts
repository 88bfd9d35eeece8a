import type { Targeting } from '@/lib/control/views'
import { attributeConditionFault, operators } from '@/lib/evaluation'
import type { AttributeCondition, Condition, JsonValue, Segment } from '@/lib/evaluation/types'
import { canMeet, isPossible } from './compatible'
import type { Cell, Person, Question } from './question'

/** Whether something holds for a person, or the question on which it depends. */
export type Truth = boolean | Question

export type Side = { targeting: Targeting; segments: Readonly<Record<string, Segment>> }

const numeric = new Set(['eq', 'lt', 'lte', 'gt', 'gte', 'between'])
/** Told by the value itself, whichever it is. */
const isAsked = ({ op }: AttributeCondition) => numeric.has(op) || op === 'is_one_of'

/** The leaves of conditions. */
function* leavesOf(when: Condition): Generator<AttributeCondition> {
  if ('attribute' in when) yield when
  else if ('not' in when) yield* leavesOf(when.not)
  else if (!('segment' in when)) for (const part of 'all' in when ? when.all : when.any) yield* leavesOf(part)
}

const listed = (attribute: string, values: readonly string[]): AttributeCondition => ({
  attribute,
  op: 'is_one_of',
  values,
})

function* askedBy({ targeting, segments }: Side): Generator<AttributeCondition> {
  for (const { by, values } of targeting.targets) yield listed(by, values)
  for (const { when } of targeting.rules) yield* leavesOf(when)
  for (const { by, included, excluded, any } of Object.values(segments)) {
    yield listed(by, included)
    yield listed(by, excluded)
    for (const when of any) yield* leavesOf(when)
  }
}

/** Whether every condition says all that it needs to say: drafts have blanks. */
export function isWritten({ targeting, segments }: Side): boolean {
  const conditions = [
    ...targeting.rules.map(({ when }) => when),
    ...Object.values(segments).flatMap(({ any }) => any),
  ]
  return conditions
    .flatMap((when) => [...leavesOf(when)])
    .every((leaf) => leaf.op === 'matches' || attributeConditionFault(leaf) === null)
}

type Test = (value: JsonValue) => boolean | undefined

/** What the engine answers for one value; `undefined` where it is of a type that is not compared. */
function testOf({ op, values, ignoreCase }: AttributeCondition, now: number): Test {
  const test = operators[op].prepare(values, ignoreCase === true)
  return (value) => test(value, now)
}

/** Gathers the values that every condition answers alike. */
function classes(values: readonly JsonValue[], tests: readonly Test[]): Cell[] {
  const alike = new Map<string, JsonValue[]>()
  for (const value of values) {
    const signature = tests.map((test) => test(value) ?? '-').join()
    const known = alike.get(signature)
    if (known) known.push(value)
    else alike.set(signature, [value])
  }
  return [...alike.values()].map((gathered) => ({ kind: 'values', values: gathered }))
}

/** How people can answer when asked for an attribute, as finely as any of the conditions tells apart. */
function cellsOf(conditions: readonly AttributeCondition[], now: number): Cell[] {
  const listed = conditions.filter(({ op }) => op === 'is_one_of').flatMap(({ values }) => values)
  const compared = conditions.filter(({ op }) => numeric.has(op)).flatMap(({ values }) => values as number[])
  const onLine = (value: JsonValue): value is number => compared.length > 0 && typeof value === 'number'
  const points = [...new Set([...compared, ...listed.filter(onLine)])].sort((a, b) => a - b)
  const tests = conditions.filter(({ op }) => op !== 'matches').map((condition) => testOf(condition, now))
  const ends = points.length > 0 ? [null, ...points] : []
  return [
    ...classes([...new Set(listed.filter((value) => !onLine(value)))], tests),
    ...points.map((point): Cell => ({ kind: 'values', values: [point] })),
    ...ends.map((above, i): Cell => ({ kind: 'range', above, below: points[i] ?? null })),
    { kind: 'other' },
    { kind: 'missing' },
    { kind: 'untyped' },
  ]
}

/** Gathers cells by what they come to. */
function grouped(cells: readonly Cell[], signature: (cell: Cell) => string): Cell[][] {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    const key = signature(cell)
    const alike = groups.get(key)
    if (alike) alike.push(cell)
    else groups.set(key, [cell])
  }
  return [...groups.values()]
}

const sampleOf = ({ above, below }: { above: number | null; below: number | null }): number => {
  if (above === null) return below! - 1
  return below === null ? above + 1 : (above + below) / 2
}

const both = (id: string, about: Question['about']): Question => ({
  id,
  about,
  cells: [{ kind: 'yes' }, { kind: 'no' }],
  groups: [[{ kind: 'yes' }], [{ kind: 'no' }]],
})

/** Attributes that are hashed: whether they are there decides as well. */
const hashed = ({ targeting }: Side): string[] =>
  [...targeting.rules.map(({ serve }) => serve), targeting.fallthrough].flatMap((serve) =>
    'rollout' in serve ? [serve.rollout.by ?? 'targetingKey'] : [],
  )

const isAboutPresence = ({ op }: AttributeCondition) => op === 'is_set' || op === 'is_not_set'
/** A condition less its sense: asked once, for all who ask it either way. */
const idOf = ({ negate: _, ...condition }: AttributeCondition) => `condition ${JSON.stringify(condition)}`

/** Less what contradicts their answers. */
function leftOf(question: Question, person: Person): Question['groups'] {
  const others = [...person.values()].filter((answer) => canMeet(question, answer.question))
  if (others.length === 0) return question.groups
  const isLeft = (cell: Cell) => others.every((answer) => isPossible({ question, cells: [cell] }, answer))
  return question.groups.map((cells) => cells.filter(isLeft)).filter((cells) => cells.length > 0)
}

/** Everything that two targetings can ask, so that both are asked the same. */
export function questionsOf(sides: readonly Side[], now: number) {
  const byAttribute = new Map<string, AttributeCondition[]>()
  for (const condition of sides.flatMap((side) => [...askedBy(side)])) {
    const known = byAttribute.get(condition.attribute)
    if (known) known.push(condition)
    else byAttribute.set(condition.attribute, [condition])
  }
  const attributes = new Map<string, Question>()
  const hashedBy = new Set(sides.flatMap(hashed))
  const senses = new Map<string, Set<boolean>>()
  for (const condition of [...byAttribute.values()].flat()) {
    const id = idOf(condition)
    senses.set(id, (senses.get(id) ?? new Set()).add(Boolean(condition.negate)))
  }

  /** What they said, or cannot but say after all that they said; otherwise the question. */
  function ask(question: Question, person: Person): Cell | Question {
    const known = person.get(question.id)
    if (known) return known.cells[0]!
    const groups = leftOf(question, person)
    return groups.length === 1 ? groups[0]![0]! : { ...question, groups }
  }

  /** A condition that values are not told apart by: a question of its own. */
  function apart(asked: AttributeCondition, person: Person): Truth {
    const { negate, ...condition } = asked
    const id = idOf(asked)
    const cells: Cell[] = [{ kind: 'yes' }, { kind: 'no' }, { kind: 'untyped' }]
    const comesTo = ({ kind }: Cell, negated: boolean) => kind !== 'untyped' && (kind === 'yes') !== negated
    const groups = grouped(cells, (cell) => [...senses.get(id)!].map((sense) => comesTo(cell, sense)).join())
    const answer = ask({ id, about: { condition }, cells, groups }, person)
    return 'cells' in answer ? answer : comesTo(answer, Boolean(negate))
  }

  function holdsOf(condition: AttributeCondition, person: Person): Truth {
    const { attribute, op, negate } = condition
    const question = attributes.get(attribute)
    if (!question) return apart(condition, person)
    const answer = ask(question, person)
    if ('cells' in answer) return answer
    if (isAboutPresence(condition)) {
      return (answer.kind === 'missing') === ((op === 'is_not_set') !== Boolean(negate))
    }
    if (answer.kind === 'missing') return false
    if (op === 'matches' || (answer.kind !== 'values' && !isAsked(condition))) return apart(condition, person)
    if (answer.kind === 'values' || answer.kind === 'range') {
      const value = answer.kind === 'values' ? answer.values[0]! : sampleOf(answer)
      const result = testOf(condition, now)(value)
      return result !== undefined && result !== Boolean(negate)
    }
    return answer.kind === 'other' && op === 'is_one_of' && Boolean(negate)
  }

  /** All of them, or any: what is sure without asking comes first. */
  function every(parts: readonly (() => Truth)[], wanted: boolean): Truth {
    let open: Question | null = null
    for (const part of parts) {
      const truth = part()
      if (truth === !wanted) return !wanted
      if (typeof truth === 'object') open ??= truth
    }
    return open ?? wanted
  }

  const inverted = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth)

  function isMember(key: string, segments: Side['segments'], person: Person): Truth {
    const segment = segments[key]
    if (!segment) {
      const answer = ask(both(`segment ${key}`, { condition: { segment: key } }), person)
      return 'cells' in answer ? answer : answer.kind === 'yes'
    }
    const { by, included, excluded, any } = segment
    const within = [
      () => holdsOf(listed(by, included), person),
      ...any.map((when) => () => holds(when, segments, person)),
    ]
    return every([() => inverted(holdsOf(listed(by, excluded), person)), () => every(within, false)], true)
  }

  function holds(when: Condition, segments: Side['segments'], person: Person): Truth {
    if ('all' in when)
      return every(
        when.all.map((part) => () => holds(part, segments, person)),
        true,
      )
    if ('any' in when)
      return every(
        when.any.map((part) => () => holds(part, segments, person)),
        false,
      )
    if ('not' in when) return inverted(holds(when.not, segments, person))
    if ('segment' in when) {
      const member = isMember(when.segment, segments, person)
      return when.negate ? inverted(member) : member
    }
    return holdsOf(when, person)
  }

  /** What is over or began for good is known; of the rest, the time will tell. */
  function isWithin({ from, until }: { from?: string; until?: string }, person: Person): Truth {
    const begun = from === undefined || Date.parse(from) <= now
    if (until !== undefined && Date.parse(until) <= now) return false
    if (begun && until === undefined) return true
    const window = { ...(!begun && { from }), ...(until !== undefined && { until }) }
    const answer = ask(both(`window ${JSON.stringify(window)}`, window as Question['about']), person)
    return 'cells' in answer ? answer : answer.kind === 'yes'
  }

  function serves(flag: string, variants: readonly string[], person: Person): Truth {
    const named = sides
      .flatMap(({ targeting }) => targeting.prerequisites)
      .flatMap((needed) => (needed.flag === flag ? needed.variants : []))
    const cells: Cell[] = [...new Set(named)].map((variant) => ({ kind: 'values', values: [variant] }))
    const all: Cell[] = [...cells, { kind: 'other' }]
    const groups = all.map((cell) => [cell])
    const answer = ask({ id: `flag ${flag}`, about: { flag }, cells: all, groups }, person)
    if ('cells' in answer) return answer
    return answer.kind === 'values' && variants.includes(String(answer.values[0]))
  }

  for (const [attribute, conditions] of byAttribute) {
    // Where nothing tells values apart, one answer says both that it is there and how it compares.
    if (!conditions.some((condition) => isAsked(condition) || isAboutPresence(condition))) continue
    const id = `attribute ${attribute}`
    const cells = cellsOf(conditions, now)
    attributes.set(attribute, { id, about: { attribute }, cells, groups: [] })
    const comesTo = (cell: Cell) =>
      conditions.map((condition) => {
        const truth = holdsOf(
          condition,
          new Map([[id, { question: attributes.get(attribute)!, cells: [cell] }]]),
        )
        return typeof truth === 'object' ? truth.id : String(truth)
      })
    const lacking = (cell: Cell) => hashedBy.has(attribute) && cell.kind === 'missing'
    const groups = grouped(cells, (cell) => JSON.stringify([comesTo(cell), lacking(cell)]))
    attributes.set(attribute, { id, about: { attribute }, cells, groups })
  }

  return { holds, holdsOf, isWithin, serves, listed }
}

export type Questions = ReturnType<typeof questionsOf>
