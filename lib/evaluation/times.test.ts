import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { readTime } from './times'

const NOON = Date.UTC(2026, 2, 1, 12)

it.each<[string, unknown]>([
  ['an RFC 3339 text', '2026-03-01T12:00:00Z'],
  ['one with an offset', '2026-03-01T14:00:00+02:00'],
  ['epoch milliseconds', NOON],
  ['a Date', new Date(NOON)],
  ['a Date of another realm', runInNewContext(`new Date(${NOON})`)],
  ['a Date that lies about its time', Object.assign(new Date(NOON), { getTime: () => 0, valueOf: () => 0 })],
])('reads %s', (_, value) => {
  expect(readTime(value)).toBe(NOON)
})

const revoked = Proxy.revocable(new Date(), {})
revoked.revoke()

it.each<[string, unknown]>([
  ['another text', '2026-03-01'],
  ['a number in a text', String(NOON)],
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a Date without a time', new Date(Number.NaN)],
  ['what is only called a Date', { [Symbol.toStringTag]: 'Date', getTime: () => NOON }],
  ['the prototype of Dates', Object.create(Date.prototype)],
  ['a proxy of a Date', new Proxy(new Date(), {})],
  ['a revoked proxy', revoked.proxy],
  ['true', true],
  ['10n', 10n],
  ['null', null],
  ['nothing', undefined],
  ['a list', [NOON]],
])('refuses %s', (_, value) => {
  expect(readTime(value)).toBeUndefined()
})

it('is not fooled by the text before', () => {
  const texts = ['2026-03-01T12:00:00Z', '2026-03-01T12:00:01Z', '2026-03-01T12:00:00Z', 'x', 'x']
  expect(texts.map(readTime)).toEqual([NOON, NOON + 1_000, NOON, undefined, undefined])
})
