import { beforeAll, describe, expect, it } from 'vitest'
import { newSeed } from '../../../tests/support/random'
import { checkLaw } from '../../../tests/support/residual-cases'
import { loadRegex } from '../../regex'
import { prepareTest } from '../operators'
import { provideTests } from './tests'

beforeAll(async () => {
  await loadRegex()
  provideTests(prepareTest)
})

describe('a residual', () => {
  it('answers as the whole config does, for everyone who differs in public attributes alone', () => {
    const seed = newSeed()
    const { cases, flags, readPublicInside, rollOutByPrivate, moved, reasons, broken } = checkLaw(
      seed,
      10_000,
    )
    console.log(
      `law of residuals, seed ${seed}: ${cases} cases, ${moved} of them moved;`,
      `${flags} flags, ${readPublicInside} read public attributes inside segments or prerequisites,`,
      `${rollOutByPrivate} roll out by a private one;`,
      reasons,
    )
    expect(broken.slice(0, 1), `seed ${seed}`).toEqual([])
    expect(readPublicInside / flags).toBeGreaterThan(0.5)
    expect(rollOutByPrivate / flags).toBeGreaterThan(0.3)
    expect(moved).toBeGreaterThan(cases / 20)
  })
})
