import type { Targeting } from '@/lib/control/views'
import type { JsonValue, Segment } from '@/lib/evaluation/types'
import { publishedRules } from '@/lib/stored-rules'
import type { Answer, Cell, Person, Question } from './question'
import { isWritten, questionsOf, type Side } from './questions'
import { isServed, type Joint, jointly, type Serves, servesFor } from './serves'

const MOST_CASES = 1_000 // more is nothing that one reads, and takes longer than one waits
const MOST_IDS = 5_000 // hashed one by one; a longer list is as good as everyone

/** People whom a change meets alike: those who answer so. */
export type Cohort = Joint & {
  given: readonly Answer[]
  /** Those of a list, where the cohort is one; their shares are counted, not reckoned. */
  ids: readonly string[] | null
}

/**
 * `none`: nobody gets anything else. `adds`: whoever is met had the off variant before. `removes`: whoever is met has it
 * now. `moves`: anything else.
 */
export type Direction = 'none' | 'adds' | 'removes' | 'moves'

export type Impact =
  | {
      known: true
      direction: Direction
      cohorts: readonly Cohort[]
      /** What is counted by: who has none of it gets something else, too, and is in no cohort. */
      lacking: readonly string[]
    }
  /** A draft has blanks, or its conditions make more cases than can be told. */
  | { known: false; because: 'blanks' | 'cases' }

export type Compared = {
  before: Targeting
  after: Targeting
  /** The salt of the flag. */
  salt: string
  /** Segments that change, as they were and will be; conditions that name others are taken as they are. */
  segments?: { before: Readonly<Record<string, Segment>>; after: Readonly<Record<string, Segment>> }
}

type Leaf = Joint & {
  ids: readonly string[] | null
  /** What would be counted by, and these people lack. */
  lacking: readonly string[]
}
type Tree = Leaf | null | { question: Question; branches: { cells: Cell[]; tree: Tree }[] }

const isQuestion = (value: Serves | Question): value is Question => 'cells' in value
const isText = (value: JsonValue): value is string => typeof value === 'string'

const knownIds = (person: Person, attribute: string): readonly string[] | null => {
  const cell = person.get(`attribute ${attribute}`)?.cells[0]
  return cell?.kind === 'values' && cell.values.every(isText) ? cell.values : null
}

function leafOf(before: Serves, after: Serves, salt: string, person: Person): Leaf | null {
  const lacking = new Set<string>()
  const lacks = (attribute: string) => {
    const isMissing = person.get(`attribute ${attribute}`)?.cells[0]?.kind === 'missing'
    if (isMissing) lacking.add(attribute)
    return isMissing
  }
  const reckoned = jointly(before, after, { salt, lacks, ids: null })
  const [only] = reckoned.by
  const ids = reckoned.by.length === 1 ? knownIds(person, only!) : null
  const listed = ids ?? (reckoned.by.length === 0 ? knownIds(person, 'targetingKey') : null)
  const joint = ids && ids.length <= MOST_IDS ? jointly(before, after, { salt, lacks, ids }) : reckoned
  return joint.moves.length === 0 ? null : { ...joint, ids: listed, lacking: [...lacking] }
}

/** Branches that come to the same are one; a question whose answers all do is none. */
function joined(question: Question, trees: readonly { group: readonly Cell[]; tree: Tree }[]): Tree {
  const alike = new Map<string, { cells: Cell[]; tree: Tree }>()
  for (const { group, tree } of trees) {
    const key = JSON.stringify(tree)
    const known = alike.get(key)
    if (known) known.cells.push(...group)
    else alike.set(key, { cells: [...group], tree })
  }
  const branches = [...alike.values()]
  if (branches.length === 0) return null // nobody is left who could answer
  return branches.length === 1 ? branches[0]!.tree : { question, branches }
}

/** Asks only what the decision depends on, and forgets what comes to nothing. */
function treeOf(before: Side, after: Side, salt: string, now: number): Tree | 'too large' {
  const ask = questionsOf([before, after], now)
  let cases = 0
  const grow = (person: Person): Tree => {
    if (++cases > MOST_CASES) return null
    const was = servesFor(before, ask, person)
    const question = isQuestion(was) ? was : servesFor(after, ask, person)
    if (!isQuestion(was) && !isQuestion(question)) return leafOf(was, question, salt, person)
    const open = question as Question
    return joined(
      open,
      open.groups.map((cells) => ({
        group: cells,
        tree: grow(new Map([...person, [open.id, { question: open, cells }]])),
      })),
    )
  }
  const tree = grow(new Map())
  return cases > MOST_CASES ? 'too large' : tree
}

function cohortsOf(tree: Tree, given: readonly Answer[] = []): (Cohort & Pick<Leaf, 'lacking'>)[] {
  if (!tree) return []
  if (!('branches' in tree)) return [{ ...tree, given }]
  const { question, branches } = tree
  return branches.flatMap(({ cells, tree: branch }) => cohortsOf(branch, [...given, { question, cells }]))
}

function directionOf(cohorts: readonly Cohort[], before: Targeting, after: Targeting): Direction {
  const moves = cohorts.flatMap((cohort) => cohort.moves)
  const off = after.offVariant
  if (moves.length === 0) return 'none'
  if (before.offVariant !== off) return 'moves'
  if (moves.every(({ from }) => from === off)) return 'adds'
  return moves.every(({ to }) => to === off) ? 'removes' : 'moves'
}

/**
 * Who gets something else. Nothing is known of the people themselves: how many answer a condition in which way is not
 * told, but what of those who do is exact, since a share and a split are ranges of the same hashes before and after. It is
 * said of those who have what is counted by.
 *
 * @example impactOf({ before, after, salt: 'checkout' }, Date.now()).cohorts[0].moves // [{ from: 'off', to: 'on', share: 0.12 }]
 */
export function impactOf({ before, after, salt, segments }: Compared, now: number): Impact {
  const side = (targeting: Targeting, when: 'before' | 'after') => ({
    targeting: { ...targeting, rules: publishedRules(targeting.rules) },
    segments: segments?.[when] ?? {},
  })
  const sides = [side(before, 'before'), side(after, 'after')] as const
  if (!sides.every((one) => isWritten(one) && isServed(one))) return { known: false, because: 'blanks' }
  const tree = treeOf(...sides, salt, now)
  if (tree === 'too large') return { known: false, because: 'cases' }
  const all = cohortsOf(tree)
  const cohorts = all.filter(({ lacking }) => lacking.length === 0)
  const lacking = [...new Set(all.flatMap((cohort) => cohort.lacking))]
  return { known: true, direction: directionOf(cohorts, before, after), cohorts, lacking }
}
