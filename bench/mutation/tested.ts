import { fork } from 'node:child_process'
import type { Bundles } from './build'
import type { Message } from './child'
import type { Options } from './options'

export type Ended =
  | { readonly outcome: 'survived' }
  /** The file of tests, and the test in it that failed. */
  | { readonly outcome: 'killed'; readonly tests: string; readonly test: string }
  | { readonly outcome: 'timeout'; readonly tests: string }

type Watch = {
  /** How long a step of a file may take, in ms: a test, or what comes after the last one. */
  readonly limit: (file: string, step: number) => number
  readonly took: (file: string, ms: number) => void
}

const HEAP_MB = 512 // a mutant that allocates without end dies early

/** Runs files of tests in a process of their own, up to the first test that fails or takes longer than its limit. */
export function tested(
  files: readonly string[],
  bundles: Bundles,
  { runs }: Options,
  { limit, took }: Watch,
): Promise<Ended> {
  const child = fork(bundles.child, files.map(bundles.of), {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    env: { ...process.env, MUTATION_RUNS: String(runs) },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    let at = 0
    let step = 0
    let since = performance.now()
    let failure: string | null = null
    let late = false
    const kill = () => {
      late = true
      child.kill('SIGKILL') // one that loops for ever hears no other signal
    }
    let timer = setTimeout(kill, limit(files[at]!, step))
    child.on('message', (message: Message) => {
      if (message.kind === 'failed') {
        failure = message.test
        return
      }
      const now = performance.now()
      took(files[at]!, now - since)
      since = now
      step++
      if (message.kind === 'file') {
        at++
        step = 0
      }
      clearTimeout(timer)
      if (at < files.length) timer = setTimeout(kill, limit(files[at]!, step))
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      const tests = files[at]!
      if (late) resolve({ outcome: 'timeout', tests })
      else if (code === 0 && at === files.length) resolve({ outcome: 'survived' })
      else resolve({ outcome: 'killed', tests, test: failure ?? `ended with ${signal ?? code}` })
    })
  })
}
