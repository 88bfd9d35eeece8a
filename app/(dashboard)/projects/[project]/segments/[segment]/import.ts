import { BOUNDS } from '@/lib/evaluation'
import { plural } from '@/lib/plural'

const LONGEST = 1_000 // characters of an id, as the API takes them

/** First cells that name a column rather than somebody. */
const HEADINGS = new Set([
  'id',
  'key',
  'userid',
  'user',
  'targetingkey',
  'email',
  'account',
  'accountid',
  'name',
])

const plain = (cell: string) => cell.toLowerCase().replace(/[\s_-]/g, '')

/** Whether the first row names the columns, as far as one can tell. */
export const looksLikeHeadings = (row: readonly string[], by: string): boolean =>
  row.some((cell) => HEADINGS.has(plain(cell)) || plain(cell) === plain(by))

/** What became of each row. */
export type Taken = {
  added: string[]
  known: number
  repeated: number
  empty: number
  long: number
  /** Beyond what a list holds. */
  over: number
}

/** Reads a column into a list that holds `list` already. */
export function takeColumn(
  rows: readonly (readonly string[])[],
  column: number,
  list: readonly string[],
): Taken {
  const known = new Set(list)
  const added = new Set<string>()
  const taken: Taken = { added: [], known: 0, repeated: 0, empty: 0, long: 0, over: 0 }
  for (const row of rows) {
    const id = row[column]?.trim() ?? ''
    if (id === '') taken.empty++
    else if (id.length > LONGEST) taken.long++
    else if (known.has(id)) taken.known++
    else if (added.has(id)) taken.repeated++
    else if (known.size + added.size >= BOUNDS.segmentIds) taken.over++
    else added.add(id)
  }
  return { ...taken, added: [...added] }
}

/** Nothing is left out in silence: a line for each reason. */
export function describeTaken({ known, repeated, empty, long, over }: Taken): string[] {
  const were = (count: number) => (count === 1 ? 'is' : 'are')
  return [
    known > 0 && `${plural(known, 'row')} ${were(known)} in the list already`,
    repeated > 0 && `${plural(repeated, 'row')} ${were(repeated)} there twice`,
    empty > 0 && `${plural(empty, 'row')} ${were(empty)} empty in this column`,
    long > 0 && `${plural(long, 'row')} left out: longer than ${LONGEST.toLocaleString('en')} characters`,
    over > 0 &&
      `${plural(over, 'row')} left out: a list holds at most ${BOUNDS.segmentIds.toLocaleString('en')}`,
  ].filter((line) => line !== false)
}
