import { describe, expect, it } from 'vitest'
import { aConfig, aFlag } from '../../tests/support/build-config'
import { writeConfig } from './config-text'
import { evaluate } from './evaluate'
import { parseConfig } from './parse-config'
import { resolve } from './resolve'
import type { Condition, Flag, Segment } from './types'

const rule = (when: unknown) => ({ rules: [{ id: 'r', when: when as Condition, serve: { variant: 'on' } }] })
const compares = (op: string, ...values: unknown[]) => rule({ attribute: 'a', op, values })
const deep = (groups: number): unknown => (groups === 0 ? { all: [] } : { not: deep(groups - 1) })
const needing = (flag: string) => ({ prerequisites: [{ flag, variants: ['on'] }] })
const naming = (...keys: string[]): Segment => ({
  by: 'targetingKey',
  included: [],
  excluded: [],
  any: keys.map((segment) => ({ segment })),
})

const segments = { ring: naming('other'), other: naming('ring') }

/** A config with a flag that is bad, beside one that is good; parsed in process, or off the wire. */
function configWith(changes: object, from: 'value' | 'text') {
  const flags = {
    bad: { ...aFlag(), ...changes } as Flag,
    good: aFlag(),
    ring: aFlag(needing('bad') as never),
  }
  const config = aConfig({ flags, segments })
  const result = parseConfig(from === 'text' ? writeConfig(config) : config)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

describe.each(['value', 'text'] as const)('a flag, read from a %s,', (from) => {
  it.each<[string, object, string]>([
    ['with an unknown operator', compares('sounds_like', 'x'), 'PARSE_ERROR'],
    ['with a text for a number', compares('gt', '18'), 'PARSE_ERROR'],
    ['with NaN for a number', compares('gt', Number.NaN), 'PARSE_ERROR'],
    ['with infinity in a list', compares('is_one_of', Number.POSITIVE_INFINITY), 'PARSE_ERROR'],
    ['with a sparse list', rule({ attribute: 'a', op: 'is_one_of', values: new Array(2) }), 'PARSE_ERROR'],
    ['with groups too deep', rule(deep(7)), 'PARSE_ERROR'],
    ['with a depth bomb', rule(deep(1_000)), 'PARSE_ERROR'],
    ['with a name of 1,000,000 characters', rule({ segment: 's'.repeat(1_000_000) }), 'PARSE_ERROR'],
    ['with a pattern of 1,000,000 characters', compares('matches', 'x'.repeat(1_000_000)), 'PARSE_ERROR'],
    ['with segments in a cycle', rule({ segment: 'ring' }), 'PARSE_ERROR'],
    ['with prerequisites in a cycle', needing('ring'), 'GENERAL'],
    ['with a polluting variant', { variants: JSON.parse('{"__proto__": true, "on": true}') }, 'PARSE_ERROR'],
    ['with polluting metadata', { metadata: JSON.parse('{"constructor": "x"}') }, 'PARSE_ERROR'],
  ])('%s answers with its error, and no other flag is touched', (_, changes, errorCode) => {
    const config = configWith(changes, from)
    for (const trace of [undefined, []]) {
      expect(evaluate(config, 'bad', { targetingKey: 'u' }, 0, trace)).toMatchObject({
        reason: 'ERROR',
        errorCode,
      })
      expect(evaluate(config, 'good', { targetingKey: 'u' }, 0, trace)).toMatchObject({ variant: 'on' })
    }
    expect(resolve(config, 'bad', 'boolean', 'mine', {}, 0)).toMatchObject({ value: 'mine', errorCode })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('a context', () => {
  const throws = (): never => {
    throw new Error('no')
  }
  const thrower = Object.defineProperty({}, 'a', { enumerable: true, get: throws })
  const hostileProxy = new Proxy({}, { get: throws, has: throws, getOwnPropertyDescriptor: throws })
  const inherits = Object.create({ a: 1 })

  it.each<[string, Record<string, unknown>]>([
    ['with NaN', { a: Number.NaN }],
    ['with infinity', { a: Number.POSITIVE_INFINITY }],
    ['with a sparse list', { a: new Array(1_000_000) }],
    ['whose getter throws', thrower],
    ['that only inherits the attribute', inherits],
    ['that is a proxy which throws', hostileProxy],
    ['with a polluting key', JSON.parse('{"__proto__": {"a": 1}}')],
    ['that is null', null as never],
    ['that is a text', 'a' as never],
  ])('%s does not meet a comparison, compiled or traced, negated or not', (_, context) => {
    for (const negate of [false, true]) {
      for (const op of ['lt', 'gte', 'is_one_of'] as const) {
        const flag = aFlag({
          fallthrough: { variant: 'off' },
          ...rule({ attribute: 'a', op, values: [1], negate }),
        })
        const result = parseConfig(aConfig({ flags: { f: flag } }))
        if (!result.ok) throw new Error(result.error)
        expect(evaluate(result.config, 'f', context, 0).variant).toBe('off')
        expect(evaluate(result.config, 'f', context, 0, []).variant).toBe('off')
      }
    }
  })
})
