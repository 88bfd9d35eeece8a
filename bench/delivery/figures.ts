import type { Verdict } from '../evaluate/verdict'

export type Figures = Record<string, unknown>

/** What a part of the benchmark hands in: figures for the JSON, tables to print, and its targets. */
export type Outcome = {
  readonly figures: Figures
  readonly tables: readonly string[]
  readonly verdicts: readonly Verdict[]
}

export type Summary = { count: number; p50: number; p99: number; max: number }

/** `values` in any order; percentiles by the nearest rank. */
export function summaryOf(values: readonly number[] | Float64Array): Summary {
  const sorted = Float64Array.from(values).sort()
  const at = (percent: number) =>
    sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1))] ??
    Number.NaN
  return { count: sorted.length, p50: at(50), p99: at(99), max: at(100) }
}

/** Times of what did not happen: it counts among the slowest. */
export const never = (count: number): number[] => new Array(count).fill(Number.POSITIVE_INFINITY)

export const rounded = (value: number, digits = 1): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })

export const ms = (value: number): string => `${rounded(value, value < 10 ? 1 : 0)} ms`
export const percent = (share: number): string =>
  `${rounded(100 * share, share === 1 || share < 0.9 ? 0 : 3)} %`
export const summaryCells = ({ p50, p99, max }: Summary): string[] => [ms(p50), ms(p99), ms(max)]

export const atMost = (
  target: string,
  value: number,
  most: number,
  show: (value: number) => string,
): Verdict => ({
  target: `${target} at most ${show(most)}`,
  measured: show(value),
  met: value <= most,
})

export const atLeast = (
  target: string,
  value: number,
  least: number,
  show: (value: number) => string,
): Verdict => ({ target: `${target} at least ${show(least)}`, measured: show(value), met: value >= least })
