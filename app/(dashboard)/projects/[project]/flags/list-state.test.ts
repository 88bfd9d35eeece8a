import { expect, it } from 'vitest'
import { addressOf, givenViews, queryOf, readState, stateOfView } from './list-state'

const empty = readState({})

it('reads nothing as all flags, by their keys', () => {
  expect(empty).toEqual({ q: '', archived: false, sort: 'key', columns: null, cursor: null, view: null })
  expect(addressOf('/flags', empty)).toBe('/flags')
})

it('writes what it reads', () => {
  const given = {
    q: 'tag:beta',
    archived: 'yes',
    sort: 'newest',
    columns: 'type,tags',
    cursor: 'x',
    view: 'v1',
  }
  const address = addressOf('/flags', readState(given))
  expect(Object.fromEntries(new URLSearchParams(address.split('?')[1]))).toEqual(given)
})

it('takes what it does not know for what is usual', () => {
  expect(readState({ sort: 'sideways', q: ['a', 'b'], archived: 'no' })).toEqual(empty)
})

it('keeps neither the page nor the view in what a view says', () => {
  expect(queryOf({ ...empty, q: 'a', cursor: 'x', view: 'v1' })).toBe('q=a')
})

it('gives each view an address that says the same', () => {
  for (const view of givenViews) expect(queryOf(stateOfView(view))).toBe(view.query)
})
