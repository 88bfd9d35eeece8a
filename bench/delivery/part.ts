import type { Outcome } from './figures'
import type { Stand } from './stand'
import type { Unleash } from './unleash'

/** What every part may use; what costs time to start is started by the first that asks. */
export type Bench = { stand: Stand; unleash(): Promise<Unleash> }

export type Part = (bench: Bench) => Promise<Outcome>
