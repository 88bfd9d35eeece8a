import { expect, it } from 'vitest'
import { loadRegex } from '../regex'
import type { ControlError } from './errors'
import { parse } from './operation'
import { targeting } from './schemas'

const deep = (groups: number): unknown =>
  groups === 0 ? { attribute: 'a', op: 'is_set', values: [] } : { not: deep(groups - 1) }
const compares = (op: string, ...values: unknown[]) => ({ attribute: 'a', op, values })
const SCALAR = 'use a text of at most 1,000 characters, a finite number, true or false'

/** What the write side says of a rule with this condition. */
function refusal(when: unknown) {
  const rules = [{ id: 'r', when, serve: { variant: 'on' } }]
  try {
    parse(targeting, { on: true, offVariant: 'off', fallthrough: { variant: 'on' }, rules })
  } catch (error) {
    return (error as ControlError).errors[0]
  }
  return undefined
}

it.each([
  [
    'an unknown operator',
    compares('sounds_like', 'x'),
    'op',
    /^there is no operator "sounds_like": use one of is_/,
  ],
  ['an operator that is inherited', compares('toString', 'x'), 'op', /^there is no operator "toString"/],
  ['a text for a number', compares('gt', 'x'), 'values.0', 'must be a finite number, not "x"'],
  ['NaN', compares('gt', Number.NaN), 'values.0', SCALAR],
  ['infinity', compares('gt', Number.POSITIVE_INFINITY), 'values.0', SCALAR],
  ['a sparse list', compares('is_one_of', ...new Array(2)), 'values.0', SCALAR],
  ['an object', compares('is_one_of', {}), 'values.0', SCALAR],
  [
    'a text of 1,000,000 characters',
    compares('contains', 'x'.repeat(1_000_000)),
    'values.0',
    'at most 1,000 characters',
  ],
  [
    'a name of 1,000,000 characters',
    { ...compares('is_set'), attribute: 'x'.repeat(1_000_000) },
    'attribute',
    'at most 200 characters',
  ],
  ['more groups than the bound', deep(6), 'not.not.not.not.not.not', 'groups nest at most 5 deep'],
  ['a depth bomb', deep(3_000), 'not.not.not.not.not.not', 'groups nest at most 5 deep'],
  ['a segment of a hostile name', { segment: '__proto__' }, 'segment', /^use 1 to 128 letters/],
  [
    'a network with bits beyond its prefix',
    compares('ip_in_cidr', '10.1.2.3/8'),
    'values.0',
    /did you mean "10.0.0.0\/8"/,
  ],
  ['a pattern that is none', compares('matches', '('), 'values.0', /^is no pattern: /],
  ['a range that is none', compares('semver_in_range', '>=1 <'), 'values.0', /^must be a range of versions/],
  ['a field it does not have', { ...compares('is_set'), __proto__: null, why: 'x' }, '', /"why"/],
])('%s is refused by path and rule', async (_, when, path, message) => {
  await loadRegex()
  const found = refusal(when)
  expect(found?.path).toBe(['rules.0.when', path].filter(Boolean).join('.'))
  expect(found?.message).toEqual(message instanceof RegExp ? expect.stringMatching(message) : message)
})
