import { expect, it } from 'vitest'
import type { InsightsView } from '@/lib/control/views'
import { barsOf, DEFAULT, markersOf, seriesOf, share } from './series'

const MINUTE = 60_000
const from = '2026-11-26T04:00:00.000Z'
const at = (minute: number) => new Date(Date.parse(from) + minute * MINUTE).toISOString()
const change = (minute: number, action: string): InsightsView['changes'][number] => ({
  id: `1.${minute}.0`,
  version: minute,
  at: at(minute + 0.5),
  actor: { kind: 'user', id: 'u', name: 'Ana' },
  action,
  target: 'flag:checkout',
  before: null,
  after: null,
})
const view: InsightsView = {
  from,
  to: at(4),
  step: MINUTE,
  points: [
    { at: at(1), variant: 'on', count: 3 },
    { at: at(1), variant: null, count: 2 },
    { at: at(3), variant: 'on', count: 5 },
  ],
  total: 10,
  defaults: 2,
  errors: 2,
  gone: 0,
  reasons: [],
  clients: [],
  changes: [change(1, 'flag.archive'), change(1, 'flag.kill'), change(3, 'flag.restore_killed')],
  firstAt: at(1),
  lastAt: at(3),
}

it('draws a bar for each step, also where nothing was asked, by the variants that came out', () => {
  const series = seriesOf(view, ['off', 'on'])
  expect(series).toEqual(['on', DEFAULT])
  expect(barsOf(view, series)).toEqual([
    { at: Date.parse(at(0)), on: 0, [DEFAULT]: 0 },
    { at: Date.parse(at(1)), on: 3, [DEFAULT]: 2 },
    { at: Date.parse(at(2)), on: 0, [DEFAULT]: 0 },
    { at: Date.parse(at(3)), on: 5, [DEFAULT]: 0 },
  ])
})

it('gathers changes at the bar that they fall into, and tells a kill from others', () => {
  const markers = markersOf(view)
  expect(markers.map((marker) => [marker.at, marker.kill, marker.changes.length])).toEqual([
    [Date.parse(at(1)), true, 2],
    [Date.parse(at(3)), false, 1],
  ])
  expect(markers[0]!.changes[1]).toMatchObject({ who: 'Ana', texts: ['Killed'] })
})

it('rounds shares so that little is never nothing', () => {
  expect([share(1, 3), share(1, 8), share(1, 100_000), share(0, 5), share(0, 0)]).toEqual([
    '33 %',
    '13 %',
    '< 0.1 %',
    '0 %',
    '0 %',
  ])
})
