import { beforeAll, describe, expect, it } from 'vitest'
import { compileRegex } from './evaluation/regex'
import { loadRegex } from './regex'

const finds = (pattern: string, subject: string, ignoreCase = false) =>
  compileRegex(pattern, ignoreCase)(subject)

describe('the regular expressions that are loaded', () => {
  beforeAll(loadRegex)

  it.each([
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['^a.*c$', 'abc', true],
    ['c$', 'abc\n', false],
    ['', '', true],
    ['^.$', '\u{1f600}', true],
    ['\\pL{2}', 'éß', true],
    ['\\bé', 'a é', false],
    ['A', 'a', false],
    ['(?i)A', 'a', true],
  ])('finds %s in %j: %s', (pattern, subject, found) => {
    expect(finds(pattern, subject)).toBe(found)
  })

  it('ignores case by simple folding, beyond ASCII too', () => {
    expect(['É', 'é', 'e'].map((subject) => finds('é', subject, true))).toEqual([true, true, false])
    expect(finds('k', '\u212a', true)).toBe(true) // the Kelvin sign
  })

  it.each(['(', '[z-a]', '\\1', '(?=a)', '(?<!a)b', 'a**', 'a{1001}'])('refuses %s', (pattern) => {
    expect(() => compileRegex(pattern, false)).toThrow('error parsing regexp')
  })

  it('refuses what would be slow at any subject', () => {
    expect(() => compileRegex('a{900}', false)).not.toThrow()
    expect(() => compileRegex('(a{30}){30}(b{30}){30}', false)).toThrow(
      /compiles to \d+ instructions; the most is 1000/,
    )
  })

  it('answers where backtracking would never end', () => {
    expect(finds('^(a+)+$', `${'a'.repeat(4_000)}b`)).toBe(false)
    expect(finds('(x+x+)+y', 'x'.repeat(4_096))).toBe(false)
  })
})
