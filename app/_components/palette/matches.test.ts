import { expect, it } from 'vitest'
import { matches, readAsked } from './matches'

it('finds a label by the beginnings of its words, in whichever order', () => {
  expect(['', 'env', 'comp env', 'ENV comp'].every((q) => matches('Compare environments', q))).toBe(true)
  expect(['vironments', 'env x'].some((q) => matches('Compare environments', q))).toBe(false)
})

it('reads a kill from its first word alone', () => {
  expect(readAsked('kill fares')).toEqual({ q: 'fares', killing: true })
  expect(readAsked('kill ')).toEqual({ q: '', killing: true })
  expect(readAsked('killer')).toEqual({ q: 'killer', killing: false })
})
