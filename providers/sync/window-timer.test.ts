import { describe, expect, it } from 'vitest'
import { nextWindowEdge, type ParsedConfig } from '../../lib/evaluation'
import { parsed } from '../../tests/support/build-config'
import { serving } from '../../tests/support/configs'
import { VirtualClock } from '../../tests/support/virtual-clock'
import { WindowTimer } from './window-timer'

const DAY = 86_400_000

function watching(edges: Record<string, number>) {
  const clock = new VirtualClock()
  const heard: string[][] = []
  const state = { correction: 0 }
  const now = () => clock.wall() + state.correction
  const replica = {
    current: parsed(),
    nextEdge: (time: number) => nextWindowEdge(replica.current, time),
  }
  const watch = (config: ParsedConfig) => {
    replica.current = config
    timer.watch()
  }
  const timer = new WindowTimer(clock, { replica, now }, (flags) => heard.push([...flags]))
  const from = (ms: number) => new Date(clock.wall() + ms).toISOString()
  const rule = (ms: number) => ({ id: 'r', when: { all: [] }, serve: { variant: 'off' }, from: from(ms) })
  const flags = Object.entries(edges).map(([key, ms]) => [key, { ...serving('x'), rules: [rule(ms)] }])
  watch(parsed({ flags: Object.fromEntries(flags) }))
  return { clock, heard, state, timer, watch }
}

describe('a window timer', () => {
  it('reports each edge in its moment, however far it is', async () => {
    const { clock, heard } = watching({ soon: 1_000, late: 40 * DAY })
    await clock.advance(999)
    expect(heard).toEqual([])
    await clock.advance(1)
    expect(heard).toEqual([['soon']])
  })

  it('looks again when the time is corrected, and reports every edge it slept through', async () => {
    const { clock, heard, state } = watching({ a: DAY, b: 2 * DAY, c: 9 * DAY })
    state.correction = 3 * DAY
    await clock.advance(60_000)
    expect(heard).toEqual([['a', 'b']])
  })

  it('reports an edge that has passed before it forgets its config', () => {
    const { heard, state, watch } = watching({ a: 1_000 })
    state.correction = 2_000
    watch(parsed())
    expect(heard).toEqual([['a']])
  })

  it('holds no timer where there is no edge, and none once it is stopped', () => {
    const { clock, timer } = watching({ a: 1_000 })
    expect(clock.timers).toBe(1)
    timer.stop()
    expect(clock.timers).toBe(0)
    expect(watching({}).clock.timers).toBe(0)
  })
})
