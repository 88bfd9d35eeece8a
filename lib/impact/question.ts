import type { Condition, JsonValue } from '@/lib/evaluation/types'

/** An answer that all of these people give alike. */
export type Cell =
  | { kind: 'values'; values: readonly JsonValue[] }
  /** Numbers between two that are compared with, both outside; null: no end. */
  | { kind: 'range'; above: number | null; below: number | null }
  /** `other`: a value that no list names. `untyped`: one that the operators do not compare. */
  | { kind: 'missing' | 'other' | 'untyped' | 'yes' | 'no' }

/** Something about people that decides what they get. Nothing is known of how they answer. */
export type Question = {
  id: string
  about:
    | { attribute: string }
    | { condition: Condition }
    | { flag: string }
    | { from?: string; until?: string }
  cells: readonly Cell[]
  /** The cells that come to the same, whatever asks; of a person who has answered others, those that are left. */
  groups: readonly (readonly Cell[])[]
}

/** Any of the cells, out of all that the question has. */
export type Answer = { question: Question; cells: readonly Cell[] }

/** Answers by the ids of questions: cells that come to the same. */
export type Person = ReadonlyMap<string, Answer>
