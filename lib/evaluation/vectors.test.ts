import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { schemaFaults } from '../../tests/support/json-schema'
import { loadVectors, type VectorCase } from '../../tests/support/vectors'
import { operatorVectors } from '../../tests/vectors/operator-vectors'
import { rolloutVectors } from '../../tests/vectors/rollout-vectors'
import { loadRegex } from '../regex'
import { type ParsedConfig, parseConfig, resolve } from './index'
import { operators } from './operators'
import type { Trace } from './types'

const ANY_TIME = '2026-01-01T00:00:00Z'
const vectors = loadVectors()
await loadRegex() // the configs are parsed while the tests are collected

function parsed(config: unknown): ParsedConfig {
  const result = parseConfig(config)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

/** The answer, as far as a case speaks of it. */
function answer(
  config: ParsedConfig,
  { flag, type, default: fallback, context, now, expect }: VectorCase,
  trace?: Trace,
) {
  const at = Date.parse(now ?? ANY_TIME)
  const resolution = resolve<unknown>(config, flag, type, fallback, context, at, trace)
  const { errorMessage, flagMetadata, ...rest } = resolution
  return expect.flagMetadata === undefined ? rest : { ...rest, flagMetadata }
}

const schema = JSON.parse(
  readFileSync(new URL('../../tests/vectors/vectors.schema.json', import.meta.url), 'utf8'),
)

describe.each(vectors)('$file', ({ file, config, cases }) => {
  const current = parsed(config)

  it('keeps to the schema', () => {
    expect(schemaFaults(schema, { config, cases })).toEqual([])
  })

  it('parses', () => {
    const malformed = Object.keys(current.malformed())
    if (file === 'malformed.json') expect(malformed.length).toBeGreaterThan(20)
    else expect(malformed).toEqual([])
  })

  it.each(cases)('$description', (vector) => {
    expect(answer(current, vector)).toEqual(vector.expect)
    expect(answer(current, vector, [])).toEqual(vector.expect)
  })
})

describe('the vectors', () => {
  it('have a schema that refuses what is wrong', () => {
    const { config, cases } = vectors[0]!
    const [first] = cases
    const faults = (changes: object) => schemaFaults(schema, { config, cases: [{ ...first, ...changes }] })
    expect(faults({})).toEqual([])
    expect(faults({ flag: 1 })).toEqual(['$.cases[0].flag: is of type string'])
    expect(faults({ surprise: 1 })).toEqual(['$.cases[0].surprise: must not be there'])
    expect(faults({ expect: { value: 1, reason: 'ERROR' } })).toEqual(['$.cases[0].expect: has "errorCode"'])
    expect(schemaFaults(schema, { config: { ...config, id: '1' }, cases })).toEqual([
      expect.stringContaining('$.config.id: matches'),
    ])
    expect(schemaFaults(schema, { config, cases: [] })).toEqual(['$.cases: has enough entries'])
  })

  it('are many, and told apart by their descriptions', () => {
    const names = vectors.flatMap(({ file, cases }) =>
      cases.map(({ description }) => `${file}: ${description}`),
    )
    expect(names.length).toBeGreaterThan(600)
    expect(new Set(names).size).toBe(names.length)
  })

  it('that are generated are what the generator makes of them', () => {
    const files = new Map(vectors.map(({ file, config, cases }) => [file, { config, cases }]))
    for (const [name, generated] of [...rolloutVectors, ...operatorVectors])
      expect(files.get(`${name}.json`)).toEqual(generated)
  })

  it('reach every reason, error code and operator', () => {
    const text = JSON.stringify(vectors)
    const reasons = ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR']
    const errorCodes = ['FLAG_NOT_FOUND', 'PARSE_ERROR', 'TYPE_MISMATCH', 'GENERAL', 'INVALID_CONTEXT']
    for (const reason of reasons) expect(text).toContain(`"reason":"${reason}"`)
    for (const code of [...errorCodes, 'TARGETING_KEY_MISSING'])
      expect(text).toContain(`"errorCode":"${code}"`)
    for (const operator of Object.keys(operators)) expect(text).toContain(`"op":"${operator}"`)
  })
})
