import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as any from '../../tests/support/arbitrary-config'
import { aConfig, aFlag } from '../../tests/support/build-config'
import { writeConfig } from './config-text'
import { evaluate } from './evaluate'
import { parseConfig } from './parse-config'
import type { ParsedConfig } from './parsed-config'
import { applyPatch } from './patch'

const config = aConfig({
  flags: { a: aFlag(), 'b.c': aFlag({ type: 'string', variants: { on: 'one\ntwo "}},', off: '' } }) },
  segments: { s: { by: 'id', included: ['x\n'], excluded: [], any: [] } },
})

function parsed(text: string): ParsedConfig {
  const result = parseConfig(text)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

describe('the text of a config', () => {
  it('has each segment and each flag on a line of its own', () => {
    const lines = writeConfig(config).split('\n')
    expect(lines.map((line) => line.slice(0, 12))).toEqual([
      '{"layout":"l',
      '"s":{"by":"i',
      '},"flags":{',
      '"a":{"type":',
      '"b.c":{"type',
      '}}',
    ])
  })

  it('is JSON like any other, whatever is in it', () => {
    fc.assert(
      fc.property(any.config, (input) => {
        const { layout, ...read } = JSON.parse(writeConfig(input))
        expect(layout).toBe('lines')
        expect(read).toEqual(JSON.parse(JSON.stringify(input)))
        expect(parsed(writeConfig(input)).toConfig()).toEqual(parsed(JSON.stringify(input)).toConfig())
      }),
      { numRuns: 200 },
    )
  })

  it('is written again as it was, with what patches changed', () => {
    const current = parsed(writeConfig(config))
    expect(current.toText()).toBe(writeConfig(config))
    const patch = {
      from: config.id,
      to: '1.2.00000002',
      flags: { a: null, d: aFlag({ on: false }) },
      segments: {},
      killed: ['d'],
      killedAt: '1.2.00000002',
    }
    const patched = applyPatch(current, patch)
    if (!patched.ok) throw new Error(patched.reason)
    expect(parsed(patched.config.toText()).toConfig()).toEqual(patched.config.toConfig())
    expect(evaluate(parsed(patched.config.toText()), 'd', {}, 0).flagMetadata.killed).toBe(true)
  })

  it.each(['', '{', '{}', '[]', '"x"', '{"layout":"lines"}'])('%s is refused', (text) => {
    expect(parseConfig(text).ok).toBe(false)
  })

  it('is refused where it was cut off, wherever that was', () => {
    const text = writeConfig(config)
    for (let end = 0; end < text.length; end++)
      expect(parseConfig(text.slice(0, end)).ok, `${end}`).toBe(false)
  })

  it('is refused where a line holds no member, or the envelope is broken', () => {
    const text = writeConfig(config)
    expect(parseConfig(text.replace('"a":{', 'a{')).ok).toBe(false)
    expect(parseConfig(text.replace('},"flags":{\n', '')).ok).toBe(false)
    expect(parseConfig(text.replace('"schema":1', '"schema":2'))).toEqual({
      ok: false,
      error: 'schema: must be 1, the schema this version reads, not 2',
    })
  })

  it('hurts no other flag where a line is no JSON', () => {
    const broken = parsed(writeConfig(config).replace('"a":{', '"a":{{'))
    expect(evaluate(broken, 'b.c', {}, 0)).toMatchObject({ variant: 'on' })
    expect(evaluate(broken, 'a', {}, 0)).toMatchObject({
      errorCode: 'PARSE_ERROR',
      errorMessage: expect.stringContaining('flag "a" is malformed: must be an object, not "{{'),
    })
  })

  it('holds no more flags than the bound', () => {
    const flags = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`f${i}`, aFlag()]))
    expect(parseConfig(writeConfig(aConfig({ flags })))).toEqual({
      ok: false,
      error: 'flags: has 10001 flags; the most is 10000',
    })
  })
})
