const STREAMS_PER_SECOND = 1_000 // what a node greets without its settled streams noticing
const BURST = 2_000

/** Who may open a stream now. Those that are open never pay for a crowd at the door. */
export class Admission {
  private tokens = BURST
  private filledAt = Date.now()

  constructor(private readonly mostStreams: number) {}

  /** Lets one in; or answers after how many seconds to come back. */
  enter(connected: number): 'in' | number {
    this.fill()
    if (connected >= this.mostStreams) return wait(10)
    if (this.tokens < 1) return wait(2)
    this.tokens--
    return 'in'
  }

  private fill(): void {
    const now = Date.now()
    const earned = ((now - this.filledAt) / 1_000) * STREAMS_PER_SECOND
    this.tokens = Math.min(BURST, this.tokens + earned)
    this.filledAt = now
  }
}

/** Whole seconds, spread: whoever is sent away together must not come back together. */
const wait = (most: number) => 1 + Math.floor(Math.random() * most)
