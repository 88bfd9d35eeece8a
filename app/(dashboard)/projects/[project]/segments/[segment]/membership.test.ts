import { expect, it } from 'vitest'
import { membershipOf } from './membership'

const pro = { attribute: 'plan', op: 'is_one_of' as const, values: ['pro'] }
const body = {
  name: 'Beta',
  by: 'targetingKey',
  included: ['ana'],
  excluded: ['eve'],
  any: [pro, { segment: 'staff' }],
}
const staff = { by: 'email', included: ['bo@example.com'], excluded: [], any: [] }
const member = (context: Record<string, string>) => membershipOf('beta', body, { staff }, context, 0)

it.each([
  ['who is listed', { targetingKey: 'ana' }, true, 'targetingKey ana is in the list'],
  [
    'who is excluded, whatever else',
    { targetingKey: 'eve', plan: 'pro' },
    false,
    'targetingKey eve is excluded',
  ],
  ['who meets a condition', { targetingKey: 'cy', plan: 'pro' }, true, 'condition 1 holds'],
  ['who is in another segment', { targetingKey: 'bo', email: 'bo@example.com' }, true, 'condition 2 holds'],
  ['who is nobody', { targetingKey: 'di' }, false, 'no list has it, and no condition holds'],
])('decides about one %s', (_, context, inside, because) => {
  expect(member(context)).toEqual({ inside, because })
})

it('says what is unfinished', () => {
  const unfinished = { ...body, any: [{ attribute: '', op: 'is_one_of' as const, values: [] }] }
  expect(membershipOf('beta', unfinished, {}, {}, 0)).toHaveProperty('problem')
})
