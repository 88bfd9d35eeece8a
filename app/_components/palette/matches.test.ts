import { describe, expect, it } from 'vitest'
import { foremost, matches, readAsked } from './matches'

it('finds a label by the beginnings of its words, in whichever order', () => {
  expect(['', 'env', 'comp env', 'ENV comp'].every((q) => matches('Compare environments', q))).toBe(true)
  expect(['vironments', 'env x'].some((q) => matches('Compare environments', q))).toBe(false)
})

it('reads a kill from its first word alone', () => {
  expect(readAsked('kill fares')).toEqual({ q: 'fares', killing: true })
  expect(readAsked('kill ')).toEqual({ q: '', killing: true })
  expect(readAsked('killer')).toEqual({ q: 'killer', killing: false })
})

describe('what comes first', () => {
  const group = (label: string, ...items: string[]) => ({
    label,
    items: items.map((item) => ({ label: item })),
  })
  const flags = group('Flags', 'Fares compared', 'Comparison')
  const doing = group('Do', 'Compare and promote')
  const order = (q: string, ...groups: ReturnType<typeof group>[]) =>
    foremost(groups, q).map(({ label }) => label)

  it('is what begins as was typed', () => {
    expect(order('COMP', flags, doing)).toEqual(['Do', 'Flags'])
    expect(order('promote', flags, doing)).toEqual(['Flags', 'Do'])
    expect(order('', flags, doing)).toEqual(['Flags', 'Do'])
  })

  it('does not change once flags have arrived', () => {
    expect(order('comp', group('Flags'), doing)[0]).toBe(order('comp', flags, doing)[0])
  })
})
