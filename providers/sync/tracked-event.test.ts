import { describe, expect, it } from 'vitest'
import { trackedEvent } from './tracked-event'

const AT = 1_700_000_000_000
const event = (context: object, details: object = {}) =>
  trackedEvent('purchase', context as never, details as never, AT)!.event
const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic
const throwing = (name: string, rest = {}) =>
  Object.defineProperty({ ...rest }, name, {
    enumerable: true,
    get() {
      throw new Error('mine')
    },
  })
let deep: object = {}
for (let level = 0; level < 100_000; level++) deep = { deep }

describe('a tracked event', () => {
  it('keeps the key, the other attributes, the value and the other details', () => {
    const context = { targetingKey: 'user-1', plan: 'pro', since: new Date(AT) }
    expect(event(context, { value: 9.99, currency: 'EUR' })).toEqual({
      name: 'purchase',
      targetingKey: 'user-1',
      context: { plan: 'pro', since: '2023-11-14T22:13:20.000Z' },
      value: 9.99,
      details: { currency: 'EUR' },
      at: AT,
    })
  })

  it('is a copy', () => {
    const context = { plan: { tier: 'pro' } }
    const kept = event(context)
    context.plan.tier = 'free'
    expect(kept.context).toEqual({ plan: { tier: 'pro' } })
  })

  it.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], ['9.99'], [null]])(
    'has no value where the value is %j',
    (value) => expect(event({}, { value })).not.toHaveProperty('value'),
  )

  it('has a value of zero', () => expect(event({}, { value: 0 })).toHaveProperty('value', 0))

  it.each<[string, object]>([
    ['8 KB', { text: 'x'.repeat(8_192) }],
    ['ten megabytes', { text: 'x'.repeat(10_000_000) }],
    ['a hundred thousand numbers', { list: new Array(100_000).fill(1) }],
    ['many small names', Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`name-${i}`, 'value']))],
    ['a cycle', cyclic],
    ['depth', deep],
    ['a big integer', { count: 10n }],
    ['a getter that throws', throwing('country')],
    ['a toJSON that throws', { at: throwing('toJSON') }],
  ])('keeps no more than the targeting key of a context with %s', (_, context) => {
    const kept = event(
      Object.defineProperties({ targetingKey: 'user-1' }, Object.getOwnPropertyDescriptors(context)),
      { value: 1, more: 'x' },
    )
    expect(kept).toEqual({
      name: 'purchase',
      targetingKey: 'user-1',
      context: {},
      value: 1,
      details: { more: 'x' },
      at: AT,
    })
  })

  it('survives keys and values that throw or are none', () => {
    expect(event(throwing('targetingKey', { plan: 'pro' }), throwing('value'))).toEqual({
      name: 'purchase',
      context: {},
      details: {},
      at: AT,
    })
    expect(event({ targetingKey: 7 })).not.toHaveProperty('targetingKey')
  })

  it('is none where its names do not fit', () => {
    expect(trackedEvent('x'.repeat(10_000), {}, {}, AT)).toBeNull()
    expect(trackedEvent('x', { targetingKey: 'x'.repeat(10_000) }, {}, AT)).toBeNull()
  })
})
