import type { Scenario } from './parse-feature'
import type { Sdk } from './sdk'
import { newWorld, steps } from './steps'

/** Does every step in turn. One that no pattern stands for, or more than one, is a failure. */
export async function runScenario(scenario: Scenario, sdk: Sdk): Promise<void> {
  const world = newWorld(sdk)
  for (const { text, table } of scenario.steps) {
    const found = steps.flatMap(([pattern, define]) => {
      const match = pattern.exec(text)
      return match ? [{ define, words: match.slice(1) }] : []
    })
    if (found.length !== 1) throw new Error(`${found.length} definitions of the step "${text}"`)
    const [{ define, words }] = found as [(typeof found)[number]]
    await define(world, words, table)
  }
}
