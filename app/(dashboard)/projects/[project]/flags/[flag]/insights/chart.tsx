'use client'
import { useMemo } from 'react'
import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { colourOf } from '@/app/_components/variant'
import type { InsightsRange } from '@/lib/control/insights'
import { type Bar as Column, DEFAULT, type Marker } from './series'

const HEIGHT = 260

type Props = {
  bars: Column[]
  series: readonly string[]
  variants: readonly string[]
  markers: readonly Marker[]
  range: InsightsRange
  step: number
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const ticks: Record<InsightsRange, Intl.DateTimeFormatOptions> = {
  hour: CLOCK,
  day: CLOCK,
  week: { weekday: 'short', day: 'numeric', month: 'short' },
  month: { day: 'numeric', month: 'short' },
}

const compact = new Intl.NumberFormat('en', { notation: 'compact' })

/** A variant's own colour; what the code falls back on has none. */
export const fillOf = (variants: readonly string[], name: string) =>
  name === DEFAULT ? 'var(--color-control)' : colourOf({ variants, variant: name })

/** Evaluations over time, stacked by variant, with what was published on the same axis. */
export default function Chart({ bars, series, variants, markers, range, step }: Props) {
  const label = useMemo(() => {
    const format = new Intl.DateTimeFormat('en-GB', ticks[range])
    return (at: number) => format.format(at)
  }, [range])
  return (
    <div aria-hidden>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart
          data={bars}
          margin={{ top: 22, right: 4, bottom: 0, left: 0 }}
          barCategoryGap="12%"
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--color-line)" />
          <XAxis
            dataKey="at"
            interval="equidistantPreserveStart"
            minTickGap={24}
            tickFormatter={label}
            tickLine={false}
            axisLine={{ stroke: 'var(--color-line-strong)' }}
            tick={{ fill: 'var(--color-ink-3)', fontSize: 12 }}
            tickMargin={8}
          />
          <YAxis
            width={44}
            allowDecimals={false}
            tickFormatter={(value: number) => compact.format(value)}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--color-ink-3)', fontSize: 12 }}
          />
          <Tooltip
            cursor={{ fill: 'var(--color-hover)', stroke: 'none' }}
            isAnimationActive={false}
            content={({ active, payload }) =>
              active && payload?.[0] ? (
                <Shown
                  bar={payload[0].payload as Column}
                  step={step}
                  series={series}
                  variants={variants}
                  markers={markers}
                />
              ) : null
            }
          />
          {series.map((name) => (
            <Bar
              key={name}
              dataKey={name}
              stackId="variants"
              fill={fillOf(variants, name)}
              isAnimationActive={false}
            />
          ))}
          {markers.map(({ at, kill }, index) => {
            const colour = kill ? 'var(--color-danger)' : 'var(--color-ink-2)'
            return (
              <ReferenceLine
                key={at}
                x={at}
                stroke={colour}
                strokeDasharray="3 3"
                label={{ value: index + 1, position: 'top', fill: colour, fontSize: 12, fontWeight: 600 }}
              />
            )
          })}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

const SPAN = { day: 'numeric', month: 'short', ...CLOCK } as const

function Shown({
  bar,
  step,
  series,
  variants,
  markers,
}: Pick<Props, 'step' | 'series' | 'variants' | 'markers'> & { bar: Column }) {
  const format = new Intl.DateTimeFormat('en-GB', SPAN)
  const end = new Intl.DateTimeFormat('en-GB', CLOCK)
  const marker = markers.find(({ at }) => at === bar.at)
  return (
    <div className="max-w-72 rounded-lg border border-line-strong bg-raised px-3 py-2 text-sm">
      <p className="mb-1 text-ink-3">
        {format.format(bar.at)} – {end.format(bar.at + step)}
      </p>
      {series.map((name) => (
        <p key={name} className="flex items-center gap-2">
          <svg width="10" height="10" aria-hidden>
            <rect width="10" height="10" rx="3" style={{ fill: fillOf(variants, name) }} />
          </svg>
          <span className="min-w-0 flex-1 truncate">{name === DEFAULT ? 'default in the code' : name}</span>
          <span className="font-medium">{(bar[name] ?? 0).toLocaleString('en')}</span>
        </p>
      ))}
      {marker?.changes.map(({ id, who, texts }) => (
        <p key={id} className="mt-1 border-t pt-1 text-ink-2">
          {who}: {texts[0]}
        </p>
      ))}
    </div>
  )
}
