import { OpenFeature } from '@openfeature/web-sdk'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { exceptionFor, leftOut, readAs } from './left-out'
import { parseFeature } from './parse-feature'
import { runScenario } from './run-scenario'
import type { Sdk } from './sdk'
import { type Served, serveTestFlags } from './served-flags'
import { serverSdk } from './server-sdk'
import { loadScenarios } from './specification'
import { webSdk } from './web-sdk'

const silence = () => {}
OpenFeature.setLogger({ error: silence, warn: silence, info: silence, debug: silence })

let served: Served
const scenarios = loadScenarios()

beforeAll(async () => {
  served = await serveTestFlags()
})
afterAll(() => served?.stop())

describe.each([
  { side: 'server', make: serverSdk, able: 117 },
  { side: 'web', make: webSdk, able: 89 },
] as const)("the specification's scenarios, with the $side provider", ({ side, make, able }) => {
  let sdk: Sdk
  let done = 0
  const left = scenarios.map((it) => ({ ...it, why: exceptionFor(leftOut, it, side) }))
  const doable = left.filter(({ why }) => why === null)

  beforeAll(async () => {
    sdk = await make(served)
  })
  afterEach(() => sdk.close())

  for (const scenario of doable) {
    it(`${scenario.feature}: ${scenario.name}`, async () => {
      await runScenario(scenario, sdk)
      done++
    })
  }

  it('are all done, but for those that cannot be', () => {
    for (const { file, name, why } of left)
      if (why) console.log(`${side}: left out: ${file}: ${name}: ${why}`)
    for (const scenario of doable) {
      const why = exceptionFor(readAs, scenario, side)
      if (why) console.log(`${side}: read as: ${scenario.file}: ${scenario.name}: ${why}`)
    }
    console.log(`${side}: ${done} of ${scenarios.length} scenarios done`)
    expect(scenarios).toHaveLength(119)
    expect([doable.length, done]).toEqual([able, able])
  })
})

describe('the runner', () => {
  const feature = (step: string) => parseFeature(`Feature: F\n  Scenario: S\n    Given ${step}\n`)[0]!

  it('fails where a step has no definition', async () => {
    const sdk = await serverSdk(served)
    await expect(runScenario(feature('a provider from the moon'), sdk)).rejects.toThrow('0 definitions')
  })

  it('fails where a step is not fulfilled', async () => {
    const sdk = await serverSdk(served)
    await expect(runScenario(feature('the variant should be "on"'), sdk)).rejects.toThrow()
  })

  it('reads no line that it does not know', () => {
    expect(() => parseFeature('Feature: F\n  Rule: R\n')).toThrow('line 2')
    expect(() => parseFeature('Feature: F\n  Scenario: S\n    @late\n')).toThrow('tags')
  })
})
