import { configcat } from './configcat'
import { featurevisor } from './featurevisor'
import { flagd } from './flagd'
import { flagsmith } from './flagsmith'
import { growthbook } from './growthbook'
import { launchdarkly } from './launchdarkly'
import { limit } from './limit'
import { ours, oursTyped, oursWithEvents } from './ours'
import type { Contender } from './spec'
import { unleash } from './unleash'

export const peers: readonly Contender[] = [
  unleash,
  launchdarkly,
  growthbook,
  flagsmith,
  configcat,
  flagd,
  featurevisor,
]

/** Who is asked on every workload, and who is opened with 10,000 flags. */
export const asked: readonly Contender[] = [ours, oursTyped, limit, ...peers]
export const scaled: readonly Contender[] = [ours, oursWithEvents, ...peers]

export function contenderOf(name: string): Contender {
  const found = [...asked, ...scaled].find((contender) => contender.name === name)
  if (!found) throw new Error(`there is no contender "${name}"`)
  return found
}
