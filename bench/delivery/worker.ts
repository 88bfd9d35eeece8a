import { type ChildProcess, fork } from 'node:child_process'
import { atEnd } from './cleanup'
import { end } from './program'

type Ask = { id: number; name: string; argument: unknown }
type Reply = { id: number; result?: unknown; error?: string }

/** What a helper process can be asked for: one argument, one answer, both of what structured cloning carries. */
// biome-ignore lint/suspicious/noExplicitAny: each helper has arguments of its own
export type Handlers = Record<string, (argument: any) => unknown>

/** Answers what the benchmark asks of this helper process. */
export function serve(handlers: Handlers): void {
  process.on('message', async ({ id, name, argument }: Ask) => {
    try {
      process.send!({ id, result: await handlers[name]!(argument) } satisfies Reply)
    } catch (error) {
      process.send!({ id, error: String((error as Error).stack) } satisfies Reply)
    }
  })
  process.on('disconnect', () => process.exit(0))
}

type Argument<H extends Handlers, N extends keyof H> = Parameters<H[N]>[0]
type Result<H extends Handlers, N extends keyof H> = Awaited<ReturnType<H[N]>>

/** A helper process: this very program, started again in another role. */
export class Worker<H extends Handlers> {
  private readonly child: ChildProcess
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  private asked = 0
  private ending = false

  constructor(role: string) {
    this.child = fork(process.argv[1]!, [`--role=${role}`], { serialization: 'advanced' })
    this.child.on('message', ({ id, result, error }: Reply) => {
      const asker = this.waiting.get(id)!
      this.waiting.delete(id)
      if (error === undefined) asker.resolve(result)
      else asker.reject(new Error(error))
    })
    this.child.on('exit', (code) => {
      if (this.ending) return
      for (const { reject } of this.waiting.values()) reject(new Error(`a helper ended with ${code}`))
    })
    atEnd(() => this.end())
  }

  ask<N extends keyof H & string>(name: N, argument: Argument<H, N>): Promise<Result<H, N>> {
    const id = this.asked++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.child.send({ id, name, argument } satisfies Ask)
    })
  }

  end(): Promise<void> {
    this.ending = true
    return end(this.child, 'SIGKILL')
  }
}

/** `total` things shared out among processes as evenly as it goes. */
export function shares(total: number, among: number): number[] {
  return Array.from({ length: among }, (_, i) => Math.floor((total + i) / among))
}
