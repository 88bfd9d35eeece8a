const STREAMS_PER_SECOND = 1_000 // what a node greets without its settled streams noticing much
const BURST = 500
const LONGEST_WAIT_S = 30

/** Who may open a stream now. Those that are open never pay for a crowd at the door. */
export class Admission {
  private tokens = BURST
  /** How many were told to come back, and are not due yet. */
  private awaited = 0
  private filledAt = Date.now()

  constructor(private readonly mostStreams: number) {}

  /** Zero where there is room for one more; or after how many seconds to come back: when it is its turn, so that most ask but twice. */
  wait(connected: number): number {
    this.fill()
    if (connected >= this.mostStreams) return 1 + Math.floor(Math.random() * 10)
    return this.tokens < 1 ? this.turn() : 0
  }

  /** The same, and takes the place where there is one. */
  enter(connected: number): number {
    const wait = this.wait(connected)
    if (wait === 0) this.tokens--
    return wait
  }

  private turn(): number {
    this.awaited++
    const seconds = this.awaited / STREAMS_PER_SECOND + Math.random() // they must not come back together
    return Math.min(LONGEST_WAIT_S, 1 + Math.floor(seconds))
  }

  private fill(): void {
    const now = Date.now()
    const earned = ((now - this.filledAt) / 1_000) * STREAMS_PER_SECOND
    this.tokens = Math.min(BURST, this.tokens + earned)
    this.awaited = Math.max(0, this.awaited - earned)
    this.filledAt = now
  }
}
