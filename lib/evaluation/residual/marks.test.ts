import { describe, expect, it } from 'vitest'
import { isPublic, privatePart } from './marks'

const marks = { plan: 'public', 'plan.price': 'private', 'team.name': 'public' } as const

describe('an attribute', () => {
  it.each([
    ['country', false],
    ['plan', true],
    ['plan.tier', true],
    ['plan.price', false],
    ['plan.price.net', false],
    ['planned', false],
    ['team', false],
    ['team.name', true],
    ['toString', false],
    ['', false],
    ['.plan', false],
  ])('"%s" is public: %s, by the longest path that contains it', (attribute, expected) => {
    expect(isPublic(marks, attribute)).toBe(expected)
  })
})

describe('the private part of a context', () => {
  const base = { targetingKey: 'u', plan: { tier: 'gold', price: 5 }, team: { name: 'x', size: 3 } }
  const part = privatePart(marks, base)

  it.each([
    ['a public attribute', { ...base, plan: { tier: 'silver', price: 5 } }],
    ['a public path below a private one', { ...base, team: { name: 'y', size: 3 } }],
    ['one more of them', { ...base, plan: { tier: 'gold', seats: 9, price: 5 } }],
  ])('is the same after a change of %s', (_, context) => {
    expect(privatePart(marks, context)).toBe(part)
  })

  it.each([
    ['the targetingKey', { ...base, targetingKey: 'v' }],
    ['a private path below a public one', { ...base, plan: { tier: 'gold', price: 6 } }],
    ['a private path', { ...base, team: { name: 'x', size: 4 } }],
    ['whether a private record is there at all', { targetingKey: 'u', plan: base.plan }],
    ['what takes the place of a record', { ...base, plan: 'gold' }],
    ['an attribute that no path contains', { ...base, country: 'DE' }],
  ])('is another one after a change of %s', (_, context) => {
    expect(privatePart(marks, context)).not.toBe(part)
  })

  it('tells a private record with public parts alone from none', () => {
    expect(privatePart(marks, { team: { name: 'x' } })).not.toBe(privatePart(marks, {}))
  })
})
