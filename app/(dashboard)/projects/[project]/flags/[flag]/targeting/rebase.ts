import { onTop, type Part, partsOf } from '@/app/_components/review/parts'
import type { Targeting } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { piecesOf } from './pieces'

/**
 * My draft of `base`, on top of what has been published meanwhile: mine where I touched it, theirs elsewhere and in the
 * parts of mine that are given up.
 */
export const rebase = (
  base: Targeting,
  mine: Targeting,
  theirs: Targeting,
  givenUp: ReadonlySet<string> = new Set(),
): Targeting => onTop(piecesOf([base, mine, theirs]), [base, mine, theirs], givenUp)

/** What I changed, what they did, and where both changed the same thing. */
export const compare = (base: Targeting, mine: Targeting, theirs: Targeting): Part[] =>
  partsOf(piecesOf([base, mine, theirs]), [base, mine, theirs], describeChanges)
