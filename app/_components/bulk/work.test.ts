import { expect, it } from 'vitest'
import { told, undoing } from './work'

const before = { tags: ['web'], owner: 'Ana' }
const changed = (flag: string, owner: string | null = 'Ana') => ({
  flag,
  changed: true,
  before: { ...before, owner },
})
const same = (flag: string) => ({ flag, changed: false, before })
const refused = (flag: string) => ({ flag, problem: 'flag "b" needs it' })

it('takes back only what was changed', () => {
  const outcomes = [changed('a'), same('b'), refused('c')]
  expect(undoing({ action: 'archive' }, outcomes)).toEqual([{ work: { action: 'restore' }, flags: ['a'] }])
  expect(undoing({ action: 'tag', tag: 'x' }, outcomes)).toEqual([
    { work: { action: 'untag', tag: 'x' }, flags: ['a'] },
  ])
  expect(undoing({ action: 'archive' }, [refused('c')])).toEqual([])
})

it('gives flags back to whom each belonged', () => {
  const outcomes = [changed('a'), changed('b', null), changed('c')]
  expect(undoing({ action: 'owner', owner: 'Ben' }, outcomes)).toEqual([
    { work: { action: 'owner', owner: 'Ana' }, flags: ['a', 'c'] },
    { work: { action: 'owner', owner: null }, flags: ['b'] },
  ])
})

it('tells how many were changed, and how many were so already', () => {
  expect(told({ action: 'archive' }, [changed('a')])).toBe('Archived 1 flag.')
  expect(told({ action: 'tag', tag: 'x' }, [changed('a'), same('b'), refused('c')])).toBe(
    'Tagged 1 of 3 flags. 1 was so already.',
  )
})
