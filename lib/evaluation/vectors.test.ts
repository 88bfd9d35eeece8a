import { describe, expect, it } from 'vitest'
import { loadVectors, type VectorCase } from '../../tests/support/vectors'
import { rolloutVectors } from '../../tests/vectors/rollout-vectors'
import { type ParsedConfig, parseConfig, resolve } from './index'
import { operators } from './operators'

const ANY_TIME = '2026-01-01T00:00:00Z'
const vectors = loadVectors()

function parsed(config: unknown): ParsedConfig {
  const result = parseConfig(config)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

/** The answer, as far as a case speaks of it. */
function answer(config: ParsedConfig, { flag, type, default: fallback, context, now, expect }: VectorCase) {
  const at = Date.parse(now ?? ANY_TIME)
  const { errorMessage, flagMetadata, ...rest } = resolve<unknown>(config, flag, type, fallback, context, at)
  return expect.flagMetadata === undefined ? rest : { ...rest, flagMetadata }
}

describe.each(vectors)('$file', ({ file, config, cases }) => {
  const current = parsed(config)

  it('parses', () => {
    const malformed = Object.keys(current.malformed())
    if (file === 'malformed.json') expect(malformed.length).toBeGreaterThan(20)
    else expect(malformed).toEqual([])
  })

  it.each(cases)('$description', (vector) => {
    expect(answer(current, vector)).toEqual(vector.expect)
  })
})

describe('the vectors', () => {
  it('are many, and told apart by their descriptions', () => {
    const names = vectors.flatMap(({ file, cases }) =>
      cases.map(({ description }) => `${file}: ${description}`),
    )
    expect(names.length).toBeGreaterThan(600)
    expect(new Set(names).size).toBe(names.length)
  })

  it('that are generated are what the generator makes of them', () => {
    const files = new Map(vectors.map(({ file, config, cases }) => [file, { config, cases }]))
    for (const [name, generated] of rolloutVectors) expect(files.get(`${name}.json`)).toEqual(generated)
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
