'use client'
import { useState } from 'react'
import { Swatch } from '@/app/_components/variant'
import { Time } from '@/app/_ui/time'
import type { InsightsView } from '@/lib/control/views'
import { type Bar, DEFAULT, share } from './series'

export const nameOf = (series: string) => (series === DEFAULT ? 'default in the code' : series)

/** The legend, with what each variant came to. */
export function VariantsTable({
  insights: { points, total },
  series,
  variants,
}: {
  insights: InsightsView
  series: readonly string[]
  variants: readonly string[]
}) {
  const countOf = (name: string) =>
    points.reduce((sum, point) => sum + ((point.variant ?? DEFAULT) === name ? point.count : 0), 0)
  return (
    <table className="h-fit w-full text-left">
      <caption className="sr-only">Evaluations by variant</caption>
      <thead>
        <tr className="border-b text-ink-3 text-xs">
          <th scope="col" className="pb-1.5 font-medium">
            Variant
          </th>
          <th scope="col" className="pb-1.5 text-right font-medium">
            Evaluations
          </th>
          <th scope="col" className="pb-1.5 pl-3 text-right font-medium">
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {series.map((name) => (
          <tr key={name}>
            <th scope="row" className="py-1 font-medium">
              <span className="flex items-center gap-1.5">
                {name === DEFAULT ? (
                  <span aria-hidden className="inline-block size-2.5 shrink-0 rounded-[3px] bg-control" />
                ) : (
                  <Swatch variants={variants} variant={name} />
                )}
                <span className="min-w-0 break-words">{nameOf(name)}</span>
              </span>
            </th>
            <td className="py-1 text-right">{countOf(name).toLocaleString('en')}</td>
            <td className="whitespace-nowrap py-1 pl-3 text-right text-ink-2">
              {share(countOf(name), total)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The chart as a table: for screen readers, and for copying. */
export function PointsTable({
  bars,
  series,
  step,
}: {
  bars: readonly Bar[]
  series: readonly string[]
  step: number
}) {
  const [open, setOpen] = useState(false)
  const asked = bars.filter((bar) => series.some((name) => bar[name]! > 0))
  return (
    <div className="mt-3">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="rounded-sm text-accent-ink text-sm underline-offset-4 hover:underline"
      >
        {open ? 'Hide the table' : 'Show as a table'}
      </button>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div tabIndex={0} className="mt-2 max-h-80 overflow-auto rounded-md border">
          <table className="w-full text-left">
            <caption className="sr-only">
              Evaluations over time, {Math.round(step / 60_000)} minutes a row
            </caption>
            <thead className="sticky top-0 bg-surface">
              <tr className="border-b text-ink-3 text-xs">
                <th scope="col" className="px-3 py-1.5 font-medium">
                  From
                </th>
                {series.map((name) => (
                  <th key={name} scope="col" className="px-3 py-1.5 text-right font-medium">
                    {nameOf(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {asked.map((bar) => (
                <tr key={bar.at} className="border-b last:border-b-0">
                  <th scope="row" className="px-3 py-1 font-normal">
                    <Time value={new Date(bar.at).toISOString()} />
                  </th>
                  {series.map((name) => (
                    <td key={name} className="px-3 py-1 text-right">
                      {bar[name]!.toLocaleString('en')}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
