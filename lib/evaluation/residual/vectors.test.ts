import { beforeAll, expect, it } from 'vitest'
import { loadVectors } from '../../../tests/support/vectors'
import { loadRegex } from '../../regex'
import { prepareTest } from '../operators'
import { parseConfig } from '../parse-config'
import type { Marks } from './marks'
import { residualOf } from './residual'
import { resolveResidual } from './resolve-residual'
import { provideTests } from './tests'
import type { Residual } from './types'

beforeAll(async () => {
  await loadRegex()
  provideTests(prepareTest)
})

/** Every attribute that a vector's context names, so that browsers decide as much as they can. */
const allPublic = (context: object): Marks =>
  Object.fromEntries(Object.keys(context).map((name) => [name, 'public'] as const))

it.each(loadVectors().flatMap((file) => [true, false].map((shown) => ({ ...file, shown }))))(
  '$file holds for residuals, attributes public: $shown',
  ({ config, cases, shown }) => {
    const parsed = parseConfig(config)
    if (!parsed.ok) throw new Error(parsed.error)
    for (const { flag, type, context, now = '2026-01-01T00:00:00Z', expect: wanted, ...vector } of cases) {
      const source = {
        config: parsed.config,
        flags: parsed.config.flags.keys(),
        attributes: shown ? allPublic(context as object) : {},
      }
      const moment = Date.parse(now)
      const residual = JSON.parse(JSON.stringify(residualOf(source, context as never, moment))) as Residual
      const { errorMessage, flagMetadata, ...answer } = resolveResidual(
        residual,
        flag,
        type,
        vector.default,
        context as never,
        moment,
      )
      expect(
        { ...answer, ...(wanted.flagMetadata && { flagMetadata }) },
        `${vector.description}: ${JSON.stringify(residual.flags[flag])}`,
      ).toEqual(wanted)
    }
  },
)
