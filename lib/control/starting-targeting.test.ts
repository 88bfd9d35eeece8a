import { expect, it } from 'vitest'
import { startingTargeting } from './starting-targeting'

const start = (variants: Record<string, boolean | string>, off?: string | null) => {
  const { offVariant, fallthrough } = startingTargeting('f', variants, off)
  return [offVariant, (fallthrough as { variant: string }).variant]
}

it('a boolean flag is off with false and on with true, whatever the variants are called', () => {
  expect(start({ on: true, off: false })).toEqual(['off', 'on'])
  expect(start({ no: false, yes: true })).toEqual(['no', 'yes'])
})

it('another flag is off with its last variant and on with its first', () => {
  expect(start({ red: 'r', blue: 'b', grey: 'g' })).toEqual(['grey', 'red'])
  expect(start({ only: 'o' })).toEqual(['only', 'only'])
  expect(start({ a: true, b: true })).toEqual(['b', 'a'])
})

it('a named off variant is taken, and null means the default of the caller', () => {
  expect(start({ red: 'r', blue: 'b' }, 'red')).toEqual(['red', 'red'])
  expect(start({ red: 'r', blue: 'b' }, null)).toEqual([null, 'red'])
})

it('starts off, salted with its key', () => {
  expect(startingTargeting('f', { on: true }, undefined)).toMatchObject({ on: false, salt: 'f' })
})
