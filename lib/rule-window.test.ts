import { describe, expect, it } from 'vitest'
import { describeInstant, describeWindow, windowProblem, windowState } from './rule-window'

describe('the window of a rule', () => {
  it.each([
    ['2026-12-01T09:00:00+01:00', '1 Dec 2026, 09:00 UTC+1'],
    ['2026-12-01T09:00:00Z', '1 Dec 2026, 09:00 UTC'],
    ['2026-12-01T09:00:00+00:00', '1 Dec 2026, 09:00 UTC'],
    ['2027-01-31T23:59:59.500-03:30', '31 Jan 2027, 23:59:59 UTC−3:30'],
    ['next week', 'next week'],
  ])('says %s as %s', (text, said) => expect(describeInstant(text)).toBe(said))

  it('says both ends, one, or nothing', () => {
    const [from, until] = ['2026-12-01T09:00:00Z', '2026-12-24T18:00:00Z']
    expect(describeWindow({ from, until })).toBe('from 1 Dec 2026, 09:00 UTC until 24 Dec 2026, 18:00 UTC')
    expect(describeWindow({ until })).toBe('until 24 Dec 2026, 18:00 UTC')
    expect(describeWindow({})).toBe('')
  })

  it('is not yet, running or over, by the bounds of the engine', () => {
    const window = { from: '2026-12-01T10:00:00+01:00', until: '2026-12-02T09:00:00Z' }
    const at = (time: string) => windowState(window, Date.parse(time))
    expect(at('2026-12-01T08:59:59.999Z')).toBe('not yet')
    expect(at('2026-12-01T09:00:00Z')).toBe('running')
    expect(at('2026-12-02T08:59:59.999Z')).toBe('running')
    expect(at('2026-12-02T09:00:00Z')).toBe('over')
    expect(windowState({}, 0)).toBeNull()
  })

  it('must end after it starts', () => {
    const from = '2026-12-01T10:00:00+01:00'
    expect(windowProblem({ from, until: '2026-12-01T09:00:00Z' })).toMatch('must end after it starts')
    expect(windowProblem({ from, until: '2026-12-01T09:00:01Z' })).toBeNull()
    expect(windowProblem({ until: from })).toBeNull()
  })
})
