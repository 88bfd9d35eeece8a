import { expect, it } from 'vitest'
import { compare, rebase } from './rebase'

const pro = { attribute: 'plan', op: 'is_one_of' as const, values: ['pro'] }
const swiss = { attribute: 'country', op: 'is_one_of' as const, values: ['CH'] }
const base = { name: 'Beta', by: 'targetingKey', included: ['ana', 'bo'], excluded: [], any: [pro] }

it('keeps what each side added to a list, and lets go of what either side took out', () => {
  const mine = { ...base, included: ['ana', 'bo', 'cy'] }
  const theirs = { ...base, included: ['bo', 'di'] }
  expect(rebase(base, mine, theirs).included).toEqual(['bo', 'di', 'cy'])
})

it('takes each field from whoever changed it', () => {
  const mine = { ...base, any: [pro, swiss] }
  const theirs = { ...base, name: 'Testers', excluded: ['eve'] }
  expect(rebase(base, mine, theirs)).toEqual({ ...theirs, any: [pro, swiss] })
})

it('does not bring back a condition that I took out', () => {
  const theirs = { ...base, any: [pro, swiss] }
  expect(rebase(base, { ...base, any: [] }, theirs).any).toEqual([swiss])
})

it('asks where both gave it a name, and nowhere else', () => {
  const mine = { ...base, name: 'Mine', included: ['ana'] }
  const theirs = { ...base, name: 'Theirs', included: ['bo'] }
  expect(compare(base, mine, theirs).map(({ id, clash }) => [id, clash])).toEqual([
    ['name', true],
    ['included', false],
  ])
  expect(rebase(base, mine, theirs).name).toBe('Mine')
  expect(rebase(base, mine, theirs, new Set(['name']))).toEqual({ ...theirs, included: [] })
})
