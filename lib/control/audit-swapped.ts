import { type EntryText, entryHash, type LinkedText } from './audit-chain'

type Exchange = (
  mine: LinkedText,
  theirs: LinkedText,
) => EntryText & { prevHash: string | null; hash: string | null }

/** Ways to exchange two entries: what the first was, if that is what was done. */
const exchanges: readonly Exchange[] = [
  (mine, theirs) => ({ ...mine, seq: theirs.seq }), // their places
  (mine, theirs) => ({ ...mine, id: theirs.id }), // their ids
  (mine, theirs) => ({ ...mine, seq: theirs.seq, id: theirs.id }),
  (mine, theirs) => ({ ...mine, prevHash: theirs.prevHash, hash: theirs.hash }), // their hashes, or all that they say
  (mine, theirs) => ({ ...mine, seq: theirs.seq, prevHash: theirs.prevHash, hash: theirs.hash }),
  (mine, theirs) => ({ ...mine, id: theirs.id, prevHash: theirs.prevHash, hash: theirs.hash }),
  (mine, theirs) => ({ ...theirs, seq: mine.seq, id: mine.id, prevHash: mine.prevHash, hash: mine.hash }),
]

const isGenuine = (row: ReturnType<Exchange>) =>
  row.prevHash !== null && entryHash(row.prevHash, row) === row.hash

/** The pairs of entries that are each genuine once they are put back in the place of the other. */
export function swapped(suspects: readonly LinkedText[]): [LinkedText, LinkedText][] {
  const pairs: [LinkedText, LinkedText][] = []
  const left = new Set(suspects)
  for (const a of suspects) {
    if (!left.has(a)) continue
    for (const b of left) {
      if (a === b) continue
      if (!exchanges.some((put) => isGenuine(put(a, b)) && isGenuine(put(b, a)))) continue
      pairs.push([a, b])
      left.delete(b)
      break
    }
    left.delete(a)
  }
  return pairs
}
