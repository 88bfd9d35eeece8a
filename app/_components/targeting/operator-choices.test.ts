import { describe, expect, it } from 'vitest'
import { phrases } from '@/lib/describe'
import { operators } from '@/lib/evaluation'
import type { Operator } from '@/lib/evaluation/types'
import { operatorChoices, phraseOf, readPhrase } from './operator-choices'

const menu = operatorChoices('is_one_of')

describe('the menu of operators', () => {
  it('offers every operator of the engine once', () => {
    const offered = menu.map(({ value }) => value)
    expect(Object.keys(operators).filter((op) => !offered.includes(op as Operator))).toEqual([])
    expect(new Set(offered).size).toBe(offered.length)
  })

  it('says no two choices of a group alike', () => {
    const said = menu.map(({ group, label }) => `${group}: ${label}`)
    expect(said.filter((line, i) => said.indexOf(line) < i)).toEqual([])
  })

  it('groups by family', () => {
    expect([...new Set(menu.map(({ group }) => group))]).toEqual([
      undefined,
      'Text',
      'Number',
      'Time',
      'Version',
      'List',
      'Network',
    ])
  })

  it('also offers what the condition says already', () => {
    expect(operatorChoices('not gte').at(-1)).toEqual({
      value: 'not gte',
      label: phrases.gte.not,
      group: 'Other',
    })
    expect(operatorChoices('not eq')).toBe(menu)
  })
})

it('reads the phrases that it writes', () => {
  for (const op of Object.keys(operators) as Operator[]) {
    for (const negate of [true, false]) expect(readPhrase(phraseOf({ op, negate }))).toEqual({ op, negate })
  }
})
