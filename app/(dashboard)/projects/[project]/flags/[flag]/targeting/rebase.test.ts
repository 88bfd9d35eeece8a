import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import type { Rule } from '@/lib/evaluation/types'
import { compare, rebase } from './rebase'

const rule = (id: string, variant = 'on'): Rule => ({ id, when: { all: [] }, serve: { variant } })
const base: Targeting = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [rule('a'), rule('b'), rule('c')],
  fallthrough: { variant: 'off' },
}
const having = (...rules: Rule[]): Targeting => ({ ...base, rules })
const order = (mine: Targeting, theirs: Targeting) =>
  rebase(base, mine, theirs)
    .rules.map((r) => r.id)
    .join('')

describe('rebase', () => {
  it('keeps their change of what I left alone, and mine of what I changed', () => {
    const mine = { ...base, fallthrough: { variant: 'on' } }
    const theirs = { ...base, on: false, offVariant: null }
    expect(rebase(base, mine, theirs)).toEqual({ ...theirs, fallthrough: { variant: 'on' } })
  })

  it('lets mine win where both changed the same thing and nobody chose', () => {
    const mine = having(rule('a', 'mine'), rule('b'), rule('c'))
    const theirs = having(rule('a', 'theirs'), rule('b', 'theirs'), rule('c'))
    expect(rebase(base, mine, theirs).rules).toEqual([rule('a', 'mine'), rule('b', 'theirs'), rule('c')])
  })

  it('keeps rules that either side added, in their places', () => {
    const mine = having(rule('a'), rule('m'), rule('b'), rule('c'))
    const theirs = having(rule('t'), rule('a'), rule('b'), rule('c'))
    expect(order(mine, theirs)).toBe('tambc')
  })

  it('drops a rule that one side deleted and the other left alone', () => {
    expect(order(having(rule('a'), rule('c')), base)).toBe('ac')
    expect(order(base, having(rule('b'), rule('c')))).toBe('bc')
  })

  it('keeps a rule that I changed although they deleted it: nothing of mine is lost silently', () => {
    const mine = having(rule('a'), rule('b', 'mine'), rule('c'))
    expect(rebase(base, mine, having(rule('a'), rule('c'))).rules).toEqual([
      rule('a'),
      rule('b', 'mine'),
      rule('c'),
    ])
  })

  it('takes my order when I moved rules, theirs when they did', () => {
    const moved = having(rule('c'), rule('a'), rule('b'))
    expect(order(moved, base)).toBe('cab')
    expect(order(base, moved)).toBe('cab')
  })
})

describe('people served by name', () => {
  const people = (...values: string[]) => [{ variant: 'on', by: 'targetingKey', values }]
  const started = { ...base, targets: people('ana', 'bo') }

  it('come together from both sides, one by one', () => {
    const mine = { ...started, targets: people('ana', 'bo', 'cy') }
    const theirs = { ...started, targets: people('bo', 'di') }
    expect(rebase(started, mine, theirs).targets).toEqual(people('bo', 'di', 'cy'))
    expect(compare(started, mine, theirs).filter(({ clash }) => clash)).toEqual([])
  })

  it('clash where both moved the same person', () => {
    const mine = {
      ...started,
      targets: [...people('bo'), { variant: 'red', by: 'targetingKey', values: ['ana'] }],
    }
    const theirs = { ...started, targets: people('bo') }
    expect(compare(started, mine, theirs)).toMatchObject([
      { name: 'Individuals', clash: true, was: 'Always on for ana', theirs: 'Nothing by name for ana' },
    ])
    expect(rebase(started, mine, theirs, new Set(['people of both']))).toEqual(theirs)
  })
})

describe('the three sides', () => {
  const mine = { ...having(rule('a', 'mine'), rule('b'), rule('c')), on: false }
  const theirs = { ...having(rule('a', 'theirs'), rule('b'), rule('c')), offVariant: null }

  it('are told in sentences, with a choice where both changed the same thing', () => {
    expect(compare(base, mine, theirs)).toEqual([
      {
        id: 'on',
        name: 'State',
        clash: false,
        was: 'On',
        mine: 'Off',
        theirs: 'On',
        changes: [{ kind: 'changed', text: 'Turned off' }],
      },
      {
        id: 'offVariant',
        name: 'When off',
        clash: false,
        was: 'Serves off',
        mine: 'Serves off',
        theirs: 'Serves the default in the code',
        changes: [],
      },
      {
        id: 'rule a',
        name: 'Rule 1',
        clash: true,
        was: 'If anyone → serve on',
        mine: 'If anyone → serve mine',
        theirs: 'If anyone → serve theirs',
        changes: [{ kind: 'changed', text: 'Rule 1 serves mine (was on)' }],
      },
    ])
  })

  it('come together with theirs where that is chosen, and lose nothing else of mine', () => {
    expect(rebase(base, mine, theirs, new Set(['rule a']))).toEqual({ ...theirs, on: false })
  })

  it('do not clash where both did the same', () => {
    expect(compare(base, mine, mine).filter(({ clash }) => clash)).toEqual([])
  })

  it('clash where one deleted what the other changed', () => {
    const gone = having(rule('b'), rule('c'))
    const [part] = compare(base, gone, theirs).filter(({ clash }) => clash)
    expect(part).toMatchObject({ id: 'rule a', mine: 'No such rule' })
    expect(rebase(base, gone, theirs, new Set(['rule a'])).rules).toEqual(theirs.rules)
  })

  it('clash where both moved rules', () => {
    const [part] = compare(
      base,
      having(rule('b'), rule('a'), rule('c')),
      having(rule('c'), rule('a'), rule('b')),
    )
    expect(part).toMatchObject({ id: 'order', clash: true, mine: 'rule 2, then rule 1, then rule 3' })
  })
})
