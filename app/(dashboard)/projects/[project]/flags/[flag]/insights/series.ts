import type { InsightsView } from '@/lib/control/views'
import { describeEntry } from '@/lib/describe-entry'

/** What stands for the default in the code among the names of variants; none may be called so. */
export const DEFAULT = '(default)'

/** One bar: what came out from `at` on, by variant. */
export type Bar = { at: number } & Record<string, number>

/** The variants that came out at all, in the order of the flag; the default in the code last. */
export function seriesOf({ points }: Pick<InsightsView, 'points'>, variants: readonly string[]): string[] {
  const seen = new Set(points.map(({ variant }) => variant ?? DEFAULT))
  return [...variants, DEFAULT].filter((name) => seen.has(name))
}

/** A bar for each step of the range, also where nothing was evaluated. */
export function barsOf({ from, to, step, points }: InsightsView, series: readonly string[]): Bar[] {
  const empty = Object.fromEntries(series.map((name) => [name, 0]))
  const first = Date.parse(from)
  const count = Math.round((Date.parse(to) - first) / step)
  const bars = Array.from({ length: count }, (_, i): Bar => ({ ...empty, at: first + i * step }))
  for (const { at, variant, count: evaluations } of points) {
    const bar = bars[Math.floor((Date.parse(at) - first) / step)]
    if (bar) bar[variant ?? DEFAULT] = evaluations
  }
  return bars
}

export type Marker = {
  /** The step that it falls into. */
  at: number
  kill: boolean
  changes: { id: string; at: string; who: string; texts: string[] }[]
}

/** What was published, gathered by the bar that it falls into. */
export function markersOf({ from, step, changes }: InsightsView): Marker[] {
  const first = Date.parse(from)
  const markers = new Map<number, Marker>()
  for (const change of changes) {
    const at = first + Math.floor((Date.parse(change.at) - first) / step) * step
    const marker = markers.get(at) ?? { at, kill: false, changes: [] }
    marker.kill ||= change.action === 'flag.kill'
    marker.changes.push({
      id: change.id,
      at: change.at,
      who: change.actor.name,
      texts: describeEntry(change),
    })
    markers.set(at, marker)
  }
  return [...markers.values()]
}

/** "12.5 %" */
export function share(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  const percent = (100 * part) / whole
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  return `${percent >= 10 ? Math.round(percent) : Math.round(percent * 10) / 10} %`
}
