import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export type Options = {
  /** Names of modules, such as `semver`; none: all. */
  readonly modules: readonly string[]
  /** How many mutants are drawn; infinite: all. */
  readonly sample: number
  /** Of the draw. */
  readonly seed: number
  /** The share of the runs of each property. */
  readonly runs: number
  readonly workers: number
  /** Where the verdicts are written, if anywhere. */
  readonly json: string | undefined
}

function positive(option: string, given: string): number {
  const value = Number(given)
  if (value > 0) return value
  throw new Error(`--${option} ${given}: must be a number above 0`)
}

export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      module: { type: 'string', multiple: true, default: [] },
      sample: { type: 'string', default: '600' },
      all: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '0.25' },
      workers: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'string' },
    },
  })
  return {
    modules: values.module,
    sample: values.all ? Number.POSITIVE_INFINITY : positive('sample', values.sample),
    seed: positive('seed', values.seed),
    runs: positive('runs', values.runs),
    workers: positive('workers', values.workers),
    json: values.json,
  }
}
