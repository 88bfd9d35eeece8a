import { parseArgs } from 'node:util'
import { workloads } from './workloads'

export const MEASURES = ['cpu', 'allocation', 'scale', 'payload'] as const
export type Measure = (typeof MEASURES)[number]

export type Options = {
  /** Names of workloads. */
  readonly workloads: readonly string[]
  readonly measures: readonly Measure[]
  readonly quick: boolean
  /** Where the figures are written, if anywhere. */
  readonly json: string | undefined
}

/** The values given for an option, or all there are. Throws for one that does not exist. */
export function chosen<T extends string>(
  option: string,
  given: readonly string[] | undefined,
  all: readonly T[],
) {
  const unknown = given?.find((name) => !all.some((known) => known === name))
  if (unknown !== undefined) {
    throw new Error(`--${option} ${unknown}: there is none of that name; there are ${all.join(', ')}`)
  }
  return all.filter((name) => given === undefined || given.includes(name))
}

export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workload: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  })
  return {
    workloads: chosen(
      'workload',
      values.workload,
      workloads.map(({ name }) => name),
    ),
    measures: chosen('only', values.only, MEASURES),
    quick: values.quick,
    json: values.json,
  }
}
