import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as any from '../../tests/support/arbitrary-config'
import { aConfig, aFlag } from '../../tests/support/build-config'
import { evaluate } from './evaluate'
import { parseConfig } from './parse-config'
import type { ParsedConfig } from './parsed-config'
import { applyPatch } from './patch'
import { nextWindowEdge } from './windows'

function parse(input: unknown): ParsedConfig {
  const result = parseConfig(input)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

const seen = (config: ParsedConfig) => ({ ...config.toConfig(), malformed: config.malformed() })

describe('a config as JSON', () => {
  it('is what its value is, sound or not', () => {
    const inputs = fc.oneof(any.config, any.brokenConfig)
    fc.assert(
      fc.property(inputs, any.context, fc.constantFrom(...any.MOMENTS), (input, context, now) => {
        const json = JSON.stringify(input)
        const [fromText, fromValue] = [parseConfig(json), parseConfig(JSON.parse(json))]
        expect(fromText.ok).toBe(fromValue.ok)
        if (!fromText.ok || !fromValue.ok) return
        expect(nextWindowEdge(fromText.config, now)).toEqual(nextWindowEdge(fromValue.config, now))
        for (const key of fromValue.config.flags.keys())
          expect(evaluate(fromText.config, key, context, now)).toEqual(
            evaluate(fromValue.config, key, context, now),
          )
        expect(seen(fromText.config)).toEqual(seen(fromValue.config))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [{ schema: 2 }, 'schema: must be 1, the schema this version reads, not 2'],
    [{ id: '1.2' }, 'id: must be an id of the form <epoch>.<version>.<hash8>, not "1.2"'],
    [{ flags: [] }, 'flags: must be an object, not a list'],
    [{ flags: undefined }, 'flags: must be an object, not nothing'],
    [{ segments: 'x' }, 'segments: must be an object, not "x"'],
    [{ killed: { flags: {} } }, 'killed: must be a list, not an object'],
  ])('is refused with %j', (changes, error) => {
    expect(parseConfig(JSON.stringify({ ...aConfig(), ...changes }))).toEqual({ ok: false, error })
  })

  it('is refused with more flags than the bound', () => {
    const flags = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`f${i}`, {}]))
    expect(parseConfig(JSON.stringify(aConfig({ flags: flags as never })))).toEqual({
      ok: false,
      error: 'flags: has 10001 flags; the most is 10000',
    })
  })

  const json = JSON.stringify(aConfig({ flags: { a: aFlag() } }))

  it.each([
    '',
    'x',
    '{',
    json.slice(0, -1),
    `${json}}`,
    `${json} x`,
    json.replace('"schema":1', '"schema":one'),
  ])('is refused where it is none: %s', (text) => {
    expect(parseConfig(text)).toEqual({
      ok: false,
      error: 'the config cannot be read: it is not plain JSON',
    })
  })

  it.each(['null', '7', '[]', '"text"'])('is refused where it is no object: %s', (text) => {
    const error = parseConfig(JSON.parse(text))
    expect(error.ok).toBe(false)
    if (text !== '"text"') expect(parseConfig(text)).toEqual(error)
  })

  it('may have white space around it and inside it', () => {
    const spread = `\n\t ${JSON.stringify(JSON.parse(json), null, 2)}\r\n`
    expect(seen(parse(spread))).toEqual(seen(parse(json)))
  })

  it('takes the last of two flags of one key', () => {
    const twice = json.replace('"flags":{', `"flags":{"a":${JSON.stringify(aFlag({ on: false }))},`)
    expect(evaluate(parse(twice), 'a', {}, 0)).toMatchObject({ value: true, reason: 'STATIC' })
    expect(parse(twice).flags.size).toBe(1)
  })

  it('can be patched', () => {
    const envelope = { segments: {}, killed: [], killedAt: '1.0.00000000' }
    const patch = { from: '1.1.00000001', to: '1.2.00000002', flags: { a: null, b: aFlag() }, ...envelope }
    const result = applyPatch(parse(json), patch)
    expect(result.ok && [result.config.flags.keys(), result.config.flags.size]).toEqual([['b'], 1])
  })
})
