import type { Scenario } from './parse-feature'
import type { Sdk } from './sdk'

type Exception = {
  readonly sides: readonly Sdk['side'][]
  readonly why: string
  readonly concerns: (scenario: Scenario) => boolean
}

const tagged = (tag: string) => (scenario: Scenario) => scenario.tags.includes(tag)
const says = (pattern: RegExp) => (scenario: Scenario) =>
  scenario.steps.some(({ text }) => pattern.test(text))

/** Scenarios that cannot be done at all. */
export const leftOut: readonly Exception[] = [
  {
    sides: ['server', 'web'],
    why: 'flags are decided in process, so there is no cache of answers; CACHED says that no server has confirmed the config',
    concerns: tagged('@reason-codes-cached'),
  },
  {
    sides: ['web'],
    why: 'the web SDK evaluates synchronously',
    concerns: tagged('@async'),
  },
  {
    sides: ['web'],
    why: 'the context of a page is static: the web SDK has no such level (3.2.2.2, 3.3.2.1)',
    concerns: says(/"(Transaction|Client|Invocation|Before Hooks)" level/),
  },
]

/** Scenarios that are done, but where a word is read in one of its senses. */
export const readAs: readonly Exception[] = [
  {
    sides: ['server', 'web'],
    why: '"metadata is empty": the flag has none of its own; flagSetId and version are there for telemetry (appendix D)',
    concerns: says(/^the resolved metadata is empty$/),
  },
  {
    sides: ['server', 'web'],
    why: '"details should be immutable": their metadata is (1.4.15.1); the object around it is made by the SDK',
    concerns: says(/^the evaluation details should be immutable$/),
  },
]

export function exceptionFor(
  list: readonly Exception[],
  scenario: Scenario,
  side: Sdk['side'],
): string | null {
  return list.find((it) => it.sides.includes(side) && it.concerns(scenario))?.why ?? null
}
