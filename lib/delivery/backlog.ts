import type { ConfigPatch } from '@/lib/evaluation'
import type { View } from './view'

const MOST_VERSIONS = 256
const MOST_BYTES = 4 * 1024 * 1024 // both views together; older clients fetch the whole config

/** One version on its way out: what changed in each view, and when it was committed. */
export type Step = {
  patches: Record<View, ConfigPatch>
  /** The flags whose residual may be another one, and the kills that browsers must know of. */
  residual: { keys: readonly string[]; killed: readonly string[] }
  kill: boolean
  /** Epoch milliseconds. */
  committedAt: number
}

/** The newest versions of an environment, for those who come back: what they missed is replayed. */
export class Backlog {
  private readonly steps: { step: Step; bytes: number }[] = []
  private bytes = 0

  /** Where the way begins; undefined when there is none. */
  get oldest(): string | undefined {
    return this.steps[0]?.step.patches.server.from
  }

  add(step: Step): void {
    const bytes = bytesOf(step)
    this.steps.push({ step, bytes })
    this.bytes += bytes
    while (this.steps.length > MOST_VERSIONS || this.bytes > MOST_BYTES)
      this.bytes -= this.steps.shift()!.bytes
  }

  /** Takes in what came before: the steps of `older` that lead to `id`, as many as there is room for. */
  precede(older: Backlog, id: string): void {
    const to = this.oldest ?? id
    const last = older.steps.findLastIndex(({ step }) => step.patches.server.to === to)
    for (const entry of older.steps.slice(0, last + 1).reverse()) {
      if (this.steps.length === MOST_VERSIONS || this.bytes + entry.bytes > MOST_BYTES) return
      this.steps.unshift(entry)
      this.bytes += entry.bytes
    }
  }

  clear(): void {
    this.steps.length = 0
    this.bytes = 0
  }

  /** The patches that lead from an id to now; null when they are not held. */
  since(view: View, id: string): ConfigPatch[] | null {
    const first = this.steps.findIndex(({ step }) => step.patches[view].from === id)
    return first < 0 ? null : this.steps.slice(first).map(({ step }) => step.patches[view])
  }
}

const bytesOf = ({ patches }: Step) =>
  JSON.stringify(patches.server).length + JSON.stringify(patches.full).length
