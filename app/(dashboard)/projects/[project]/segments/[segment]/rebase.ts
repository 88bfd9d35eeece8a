import { onTop, type Part, type Piece, partsOf } from '@/app/_components/review/parts'
import type { SegmentBody } from '@/lib/control/views'
import { describeCondition } from '@/lib/describe'
import { describeSegmentChanges, without } from '@/lib/describe-segment'
import { plural } from '@/lib/plural'

type OfSegment = Piece<SegmentBody>
type Three = readonly [base: SegmentBody, mine: SegmentBody, theirs: SegmentBody]

/** Theirs, with what I added and without what I took out. */
function mergedList(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const kept = without(theirs, without(base, mine))
  return [...new Set([...kept, ...without(mine, base)])]
}

/** Conditions have no names: each is what it says. */
const texts = ({ any }: SegmentBody) => any.map((condition) => JSON.stringify(condition))
const read = (list: readonly string[]) => list.map((text) => JSON.parse(text) as SegmentBody['any'][number])

const field = (key: 'name' | 'by', name: string): OfSegment => ({
  id: key,
  name,
  of: (body) => body[key],
  take: (body, from) => ({ ...body, [key]: from[key] }),
  describe: (body) => body[key],
})

/** Lists never clash: what either side added or took out is. */
const piecesOf = ([base]: Three): OfSegment[] => [
  field('name', 'Name'),
  field('by', 'Lists hold values of'),
  ...(['included', 'excluded'] as const).map(
    (key): OfSegment => ({
      id: key,
      name: key === 'included' ? 'Included' : 'Excluded',
      of: (body) => body[key],
      take: (body, from) => ({ ...body, [key]: mergedList(base[key], from[key], body[key]) }),
      describe: (body) => plural(body[key].length, 'individual'),
      merges: true,
    }),
  ),
  {
    id: 'any',
    name: 'Conditions',
    of: ({ any }) => any,
    take: (body, from) => ({ ...body, any: read(mergedList(texts(base), texts(from), texts(body))) }),
    describe: ({ any }) => any.map(describeCondition).join('; or ') || 'None',
    merges: true,
  },
]

/** My draft of `base`, on top of what has been saved meanwhile; of the parts that are given up, theirs. */
export const rebase = (
  base: SegmentBody,
  mine: SegmentBody,
  theirs: SegmentBody,
  givenUp: ReadonlySet<string> = new Set(),
): SegmentBody => onTop(piecesOf([base, mine, theirs]), [base, mine, theirs], givenUp)

/** What I changed, what they did, and where both changed the same thing. */
export const compare = (base: SegmentBody, mine: SegmentBody, theirs: SegmentBody): Part[] =>
  partsOf(piecesOf([base, mine, theirs]), [base, mine, theirs], describeSegmentChanges)
