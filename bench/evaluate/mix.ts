import type { Environment, FlagSpec } from './spec'
import { STAFF_DOMAIN } from './users'
import {
  dependentFlag,
  emailFlag,
  plainFlag,
  rolloutFlag,
  segmentFlag,
  segmentIds,
  splitFlag,
  tenRulesFlag,
} from './workloads'

const FLAGS = 10_000
const SEGMENTS = 10
const EQUAL_FLAGS = 1_000

const keyOf = (i: number) => `team-${i % 40}.feature-${i}`
const segmentOf = (i: number) => `audience-${i % SEGMENTS}`

/** Of a hundred flags so many are of each kind. A dependent flag needs the plain one a hundred before it. */
const KINDS: readonly (readonly [count: number, make: (i: number) => FlagSpec])[] = [
  [40, (i) => plainFlag(keyOf(i))],
  [20, (i) => rolloutFlag(keyOf(i))],
  [15, (i) => emailFlag(keyOf(i))],
  [10, (i) => splitFlag(keyOf(i))],
  [8, (i) => segmentFlag(keyOf(i), segmentOf(i))],
  [4, (i) => tenRulesFlag(keyOf(i))],
  [3, (i) => dependentFlag(keyOf(i), keyOf(i % 40))],
]

const makers = KINDS.flatMap(([count, make]) => Array.from({ length: count }, () => make))

/** 10,000 flags as a large organisation may have them; the same for all. */
export const mix = (): Environment => ({
  flags: Array.from({ length: FLAGS }, (_, i) => makers[i % makers.length]!(i)),
  segments: Object.fromEntries(
    Array.from({ length: SEGMENTS }, (_, i) => [segmentOf(i), segmentIds(segmentOf(i))]),
  ),
})

/** The flag that is asked first, and the answer of anyone on the staff. */
export const firstAsked = (): FlagSpec => emailFlag(keyOf(5_060))

/** A boolean that a quarter of the staff gets. */
const equalFlag = (i: number): FlagSpec => ({
  key: `feature-${String(i).padStart(4, '0')}`,
  needs: [],
  rules: [{ when: [{ attribute: 'email', endsWith: STAFF_DOMAIN }], serve: { percent: 25 } }],
  otherwise: { value: false },
})

/** 1,000 flags that differ in nothing but their keys. */
export const equalFlags = (): Environment => ({
  flags: Array.from({ length: EQUAL_FLAGS }, (_, i) => equalFlag(i)),
  segments: {},
})
