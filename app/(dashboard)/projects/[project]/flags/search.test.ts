import { describe, expect, it } from 'vitest'
import { parseSearch } from './search'

describe('parseSearch', () => {
  const cases: [string, object][] = [
    ['', {}],
    ['  new   checkout ', { q: 'new checkout' }],
    ['tag:beta', { tag: 'beta' }],
    ['check tag:beta out owner:ana', { q: 'check out', tag: 'beta', owner: 'ana' }],
    ['hashtag:x', { q: 'hashtag:x' }],
    ['tag:', { q: 'tag:' }],
    ['stale:yes old', { q: 'old', stale: 'yes' }],
    ['stale:maybe', { q: 'stale:maybe' }],
    ['env:production is:on pay', { q: 'pay', environment: 'production', is: 'on' }],
    ['is:killed', { is: 'killed' }],
    ['is:great this:on', { q: 'is:great this:on' }],
  ]
  it.each(cases)('reads %j', (text, search) => {
    expect(parseSearch(text)).toEqual(search)
  })
})

it('takes a value of several words in quotes, and "me" for who asks', () => {
  expect(parseSearch('owner:"Ana Lima" seats')).toEqual({ owner: 'Ana Lima', q: 'seats' })
  expect(parseSearch('owner:me stale:yes')).toEqual({ mine: true, stale: 'yes' })
})
