const MOST_ANSWERS = 10_000 // as many ways to answer as a tally keeps
const MOST_EVENTS = 1_000

type Answer = readonly [
  flag: string,
  exists: boolean,
  variant: string | null,
  reason: string,
  errorCode: string | undefined,
]
type Event = readonly [name: string, context: object, details: object, at: number]

/** Notes down, in a few bytes of code, what there is no tally for yet: see there. */
export class Notes {
  readonly answers: Answer[] = []
  readonly events: Event[] = []
  readonly from: number
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
    this.from = now()
  }

  count(...answer: Answer): void {
    if (this.answers.length < MOST_ANSWERS) this.answers.push(answer)
  }

  track(name: string, context: object, details: object): void {
    if (this.events.length < MOST_EVENTS) this.events.push([name, context, details, this.#now()])
  }
}
