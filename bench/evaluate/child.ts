import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a process of its own is started for. */
export type Job = {
  readonly kind: 'known-allocation' | 'allocation' | 'start' | 'keep'
  readonly contender: string
  /** Where the text of 10,000 flags lies. */
  readonly file: string
}

const OPTION = '--job'

export function jobOf(argv: readonly string[]): Job | undefined {
  const at = argv.indexOf(OPTION)
  return at === -1 ? undefined : (JSON.parse(argv[at + 1] ?? '') as Job)
}

/** Starts this program again for one job; resolves with what that process reports. */
export function inChild<T>(job: Job, nodeOptions: readonly string[]): Promise<T> {
  const program = fileURLToPath(import.meta.url) // the bundle
  const child = spawn(process.execPath, [...nodeOptions, program, OPTION, JSON.stringify(job)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    let report: { result: T } | undefined
    child.once('message', (message) => {
      report = message as { result: T }
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0 && report) resolve(report.result)
      else reject(new Error(`the job ${job.kind} of ${job.contender} ended with ${code}`))
    })
  })
}

/** Reports the result of the job to the process that asked for it, and ends. */
export function reportToParent(result: unknown) {
  process.send?.({ result }, undefined, undefined, () => process.exit(0))
}

export function collectGarbage() {
  if (!globalThis.gc) throw new Error('this job needs --expose-gc')
  globalThis.gc()
  globalThis.gc()
}
