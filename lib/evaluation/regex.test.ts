import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { loadRegex } from '../regex'
import { compileRegex, mentionsRegex, provideRegex, regexFault } from './regex'
import type { JsonValue } from './types'

const matching = (...values: JsonValue[]) =>
  aFlag({
    rules: [{ id: 'r', when: { attribute: 'a', op: 'matches', values }, serve: { variant: 'on' } }],
  })

describe('without an engine', () => {
  it('a flag that needs it is malformed, and no other', () => {
    const config = parsed({ flags: { needs: matching('x'), other: aFlag() } })
    expect(config.malformed()).toEqual({
      needs: 'rules[0].when.values[0]: cannot be read: the regular expression engine is not loaded',
    })
    expect(Object.keys(config.malformed())).not.toContain('other')
    expect(() => compileRegex('x', false)).toThrow('the regular expression engine is not loaded')
  })
})

describe('with an engine', () => {
  it('the flag is sound once it is parsed again', async () => {
    await loadRegex()
    expect(parsed({ flags: { needs: matching('x') } }).malformed()).toEqual({})
  })

  it('what the engine complains of is passed on', () => {
    provideRegex({
      compile: () => {
        throw new Error('not like this')
      },
    })
    expect(regexFault('x')).toBe('is no pattern: not like this')
  })
})

it('mentionsRegex finds the operator in what is serialised', () => {
  expect(mentionsRegex(JSON.stringify({ flags: { f: matching('x') } }))).toBe(true)
  expect(mentionsRegex(JSON.stringify({ flags: { f: aFlag() } }))).toBe(false)
})
