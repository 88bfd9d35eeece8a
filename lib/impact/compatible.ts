import { areOfOneType, isNobody, takesAny } from '@/lib/condition-answers'
import { byNumber, isNowhere, type Stretches } from '@/lib/condition-line'
import type { AttributeCondition } from '@/lib/evaluation/types'
import type { Answer, Cell, Question } from './question'

type Window = { from?: string; until?: string }

const conditionOf = ({ about }: Question): AttributeCondition | null =>
  'condition' in about && 'attribute' in about.condition ? about.condition : null

const windowOf = ({ about }: Question): Window | null =>
  'from' in about || 'until' in about ? (about as Window) : null

/** When a window is open: the same bounds as in the engine, `from <= now < until`. */
const stretchesOf = ({ from, until }: Window): Stretches<number> => [
  [
    ...(from === undefined ? [] : [{ op: '>=' as const, at: Date.parse(from) }]),
    ...(until === undefined ? [] : [{ op: '<' as const, at: Date.parse(until) }]),
  ],
]

/** Whether the answer to one can say anything about the answer to the other. */
export function canMeet(a: Question, b: Question): boolean {
  const [mine, theirs] = [conditionOf(a), conditionOf(b)]
  if (mine && theirs) return mine.attribute === theirs.attribute && areOfOneType(mine.op, theirs.op)
  return windowOf(a) !== null && windowOf(b) !== null
}

function contradict(
  [a, answerA]: readonly [Question, Cell],
  [b, answerB]: readonly [Question, Cell],
): boolean {
  const [yesA, yesB] = [answerA.kind === 'yes', answerB.kind === 'yes']
  const [windowA, windowB] = [windowOf(a), windowOf(b)]
  if (windowA && windowB)
    return isNowhere(byNumber, [stretchesOf(windowA), yesA], [stretchesOf(windowB), yesB])
  if (answerA.kind === 'untyped' || answerB.kind === 'untyped') return answerA.kind !== answerB.kind
  return isNobody({ condition: conditionOf(a)!, yes: yesA }, { condition: conditionOf(b)!, yes: yesB })
}

/** Whether somebody can give both answers, as far as that can be told: of questions that `canMeet`. */
export const isPossible = (a: Answer, b: Answer): boolean =>
  a.cells.some((one) => b.cells.some((other) => !contradict([a.question, one], [b.question, other])))

const isExcluded = (a: Answer, b: Answer) => canMeet(a.question, b.question) && !isPossible(a, b)

/** A list less what the other answers rule out: who ends with none of a, and with one of a, b, ends with b. */
function shortened(given: Answer, others: readonly Answer[]): Answer {
  const condition = conditionOf(given.question)
  if (!condition || !takesAny.has(condition.op) || given.cells.some(({ kind }) => kind !== 'yes'))
    return given
  const asking = (values: AttributeCondition['values']): Answer => ({
    ...given,
    question: { ...given.question, about: { condition: { ...condition, values } } },
  })
  const values = condition.values.filter(
    (value) => !others.some((other) => isExcluded(asking([value]), other)),
  )
  return values.length === 0 ? given : asking(values)
}

/** Whether the other answers leave nothing else to say. */
const isSaid = ({ question, cells }: Answer, others: readonly Answer[]) =>
  question.cells
    .filter((cell) => !cells.includes(cell))
    .every((cell) => others.some((other) => isExcluded({ question, cells: [cell] }, other)))

/** The same people, without what goes without saying. */
export function toldOnce(given: readonly Answer[]): Answer[] {
  const told = given.map((one) => shortened(one, given))
  for (const one of [...told]) {
    const others = told.filter((other) => other !== one)
    if (isSaid(one, others)) told.splice(told.indexOf(one), 1)
  }
  return told
}
