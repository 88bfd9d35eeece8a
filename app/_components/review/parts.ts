import type { Change } from '@/lib/describe-changes'

/** One thing that somebody changed, as it was, as I have it, and as it is now. */
export type Part = {
  id: string
  /** "Rule 1", "Otherwise" */
  name: string
  /** Both changed it, to something else. */
  clash: boolean
  was: string
  mine: string
  theirs: string
  /** What I changed of it; nothing where it is theirs alone. */
  changes: readonly Change[]
}

/** One thing of a T that can be changed for itself. */
export type Piece<T> = {
  id: string
  name: string
  /** What of it is compared. */
  of: (whole: T) => unknown
  /** `whole` with this thing as it is in `from`. */
  take: (whole: T, from: T) => T
  describe: (whole: T) => string
  /** `take` keeps what both sides did: there is nothing to choose. */
  merges?: boolean
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const isChanged = <T>({ of }: Piece<T>, before: T, after: T) => !same(of(before), of(after))

/** My draft of `base` on top of what is there now; of the parts in `givenUp` theirs is kept. */
export const onTop = <T>(
  pieces: readonly Piece<T>[],
  [base, mine, theirs]: readonly [base: T, mine: T, theirs: T],
  givenUp: ReadonlySet<string>,
): T =>
  pieces
    .filter((piece) => !givenUp.has(piece.id) && isChanged(piece, base, mine))
    .reduce((whole, piece) => piece.take(whole, mine), theirs)

/** What either side changed since `base`. */
export const partsOf = <T>(
  pieces: readonly Piece<T>[],
  [base, mine, theirs]: readonly [base: T, mine: T, theirs: T],
  changesOf: (before: T, after: T) => readonly Change[],
): Part[] =>
  pieces.flatMap((piece): Part[] => {
    const [isMine, isTheirs] = [isChanged(piece, base, mine), isChanged(piece, base, theirs)]
    if (!isMine && !isTheirs) return []
    const { id, name, describe } = piece
    return [
      {
        id,
        name,
        clash: !piece.merges && isMine && isTheirs && isChanged(piece, mine, theirs),
        was: describe(base),
        mine: describe(mine),
        theirs: describe(theirs),
        changes: isMine ? changesOf(base, piece.take(base, mine)) : [],
      },
    ]
  })
