import { now } from './clock'

/** Who of a number of clients has heard of a change, and when. */
export class Hearing {
  private waiting = new Set<number>()
  private times: number[] = []
  private all = () => {}
  private everyone = Promise.resolve()

  /** From here on each of so many is waited for. */
  begin(count: number): void {
    this.times = []
    this.waiting = new Set(Array.from({ length: count }, (_, i) => i))
    this.everyone = new Promise((resolve) => {
      this.all = resolve
    })
  }

  isWaiting(index: number): boolean {
    return this.waiting.has(index)
  }

  heard(index: number): void {
    if (!this.waiting.delete(index)) return
    this.times.push(now())
    if (this.waiting.size === 0) this.all()
  }

  /** When each heard; of those that heard nothing within so many milliseconds there is no time. */
  async collected(withinMs: number): Promise<Float64Array> {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise((resolve) => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([this.everyone, silence])
    clearTimeout(timer)
    return Float64Array.from(this.times)
  }
}
