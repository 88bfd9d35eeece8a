import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { evaluate } from './evaluate'
import type { Flag, Rule } from './types'
import { nextWindowEdge } from './windows'

const rule = (id: string, from?: string, until?: string): Rule => ({
  id,
  when: { all: [] },
  serve: { variant: 'on' },
  ...(from && { from }),
  ...(until && { until }),
})
const windowed = (...rules: Rule[]): Flag => aFlag({ rules, fallthrough: { variant: 'off' } })
const at = (text: string) => Date.parse(text)
const NINE = '2026-03-01T09:00:00Z'
const TEN = '2026-03-01T10:00:00Z'

describe('a rule window', () => {
  const config = parsed({ flags: { a: windowed(rule('r', NINE, TEN)) } })
  it.each([
    [at(NINE) - 1, false],
    [at(NINE), true],
    [at(TEN) - 1, true],
    [at(TEN), false],
    [Number.NaN, false],
  ])('holds from its start to before its end: at %i %s', (now, value) => {
    expect(evaluate(config, 'a', {}, now)).toMatchObject({ value })
  })
})

describe('nextWindowEdge', () => {
  it('is the first edge after now, with every flag it can change', () => {
    const flags = {
      b: windowed(rule('1', TEN)),
      a: windowed(rule('1'), rule('2', NINE, TEN)),
      late: windowed(rule('1', '2027-01-01T00:00:00Z')),
      dependant: aFlag({ prerequisites: [{ flag: 'a', variants: ['on'] }] }),
    }
    const config = parsed({ flags })
    expect(nextWindowEdge(config, at(NINE) - 1)).toEqual({ at: at(NINE), flags: ['a', 'dependant'] })
    expect(nextWindowEdge(config, at(NINE))).toEqual({ at: at(TEN), flags: ['a', 'b', 'dependant'] })
    expect(nextWindowEdge(config, at(TEN))).toEqual({ at: at('2027-01-01T00:00:00Z'), flags: ['late'] })
    expect(nextWindowEdge(config, at('2027-01-01T00:00:00Z'))).toBeNull()
  })

  it('passes over flags that are off or killed', () => {
    const flags = { off: { ...windowed(rule('1', NINE)), on: false }, killed: windowed(rule('1', NINE)) }
    expect(nextWindowEdge(parsed({ flags, killed: ['killed'] }), 0)).toBeNull()
  })
})
