import { expect, it } from 'vitest'
import { describeSegment, describeSegmentChanges } from './describe-segment'

const pro = { attribute: 'plan', op: 'is_one_of' as const, values: ['pro'] }
const swiss = { attribute: 'country', op: 'is_one_of' as const, values: ['CH'] }
const base = { name: 'Beta', by: 'targetingKey', included: ['ana', 'bo'], excluded: ['eve'], any: [pro] }
const changes = (after: Partial<typeof base>) =>
  describeSegmentChanges(base, { ...base, ...after }).map(({ kind, text }) => `${kind}: ${text}`)

it.each([
  ['nothing', {}, []],
  ['a name', { name: 'Testers' }, ['changed: Named “Testers” (was “Beta”)']],
  ['a list', { included: ['bo', 'cy'] }, ['added: Includes cy', 'removed: No longer includes ana']],
  ['the order of a list', { included: ['bo', 'ana'] }, []],
  ['the other list', { excluded: [] }, ['removed: No longer excludes eve']],
  [
    'what the lists hold',
    { by: 'email' },
    ['changed: Its lists hold values of email (were of targetingKey)'],
  ],
  ['a condition', { any: [pro, swiss] }, ['added: Includes whoever: country is CH']],
  [
    'another condition in its place',
    { any: [swiss] },
    ['changed: Includes whoever: country is CH (was: plan is pro)'],
  ],
  ['no condition', { any: [] }, ['removed: No longer includes whoever: plan is pro']],
])('says what changed: %s', (_, after, said) => {
  expect(changes(after)).toEqual(said)
})

it('spells out five of many, and counts the rest', () => {
  const many = Array.from({ length: 1_207 }, (_, i) => `user-${i}`)
  expect(changes({ included: [...base.included, ...many] })).toEqual([
    'added: Includes user-0, user-1, user-2, user-3, user-4 and 1,202 more',
  ])
})

it('says in one line who is in a segment', () => {
  const said = (included: number, excluded: number, any = base.any, by = 'targetingKey') =>
    describeSegment({ by, any, includedCount: included, excludedCount: excluded })
  expect(said(0, 0, [])).toBe('Nobody yet')
  expect(said(2, 1)).toBe('2 individuals, and whoever: plan is pro; never 1 individual')
  expect(said(1_200, 0, [pro, swiss, pro], 'email')).toBe(
    '1,200 values of email, and whoever: plan is pro; or country is CH, and 1 more condition',
  )
})
