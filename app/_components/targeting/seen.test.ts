import { expect, it } from 'vitest'
import type { SeenAttributeView } from '@/lib/control/views'
import { newCondition } from './conditions'
import { aboutSeen, doubtAbout, seenByName, withAttribute } from './seen'

const attribute = (name: string, ...types: SeenAttributeView['types']): SeenAttributeView => ({
  name,
  types,
  browser: name === 'age',
  seenAt: '2027-01-01T00:00:00Z',
})
const seen = seenByName([
  attribute('age', 'number'),
  attribute('roles', 'list'),
  attribute('plan', 'string'),
  attribute('id', 'number', 'string'),
])
const opOf = (name: string, from = newCondition()) => withAttribute(from, name, seen).op

it('lets the kind of an attribute choose the operator, until a value is written', () => {
  expect(['age', 'roles', 'plan', 'id', 'unheard', 'constructor'].map((name) => opOf(name))).toEqual([
    'gte',
    'has_any',
    'is_one_of',
    'is_one_of',
    'is_one_of',
    'is_one_of',
  ])
  expect(opOf('age', { ...newCondition(), values: ['x'] })).toBe('is_one_of')
  expect(opOf('age', { ...newCondition(), op: 'is_set' })).toBe('is_set')
})

it('doubts an attribute that nobody has sent, once others were', () => {
  expect(doubtAbout('pla', seen)).toBe('No application has sent “pla” yet: without it, this is not met.')
  expect(['', 'plan', 'targetingKey'].map((name) => doubtAbout(name, seen))).toEqual([null, null, null])
  expect(doubtAbout('pla', {})).toBeNull()
})

it('says in a few words what is known', () => {
  expect(Object.values(seen).map(aboutSeen)).toEqual([
    'number, from browsers',
    'list',
    'string',
    'number or string',
  ])
})
