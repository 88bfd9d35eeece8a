import { loopDelay } from '@/lib/loop-delay'
import { beforeScrape, metrics } from '@/lib/metrics/metrics'
import type { Node } from './admitted'
import { now } from './clock'

const MOST_NAMED = 500 // environments: whoever watches the numbers pays for every name

/** What a node holds and whom it serves, told when somebody asks. */
export function measured({ feed, hub, ofrep }: Node, flagd: { readonly size: number }): () => void {
  return beforeScrape(() => {
    const { configVersion, configEpoch, environments, stale, streams, loopDelay: delay } = metrics()
    configVersion.reset()
    configEpoch.reset()
    for (const { flagSetId, head } of [...feed.environments.values()].slice(0, MOST_NAMED)) {
      configVersion.set({ environment: flagSetId }, head.version)
      configEpoch.set({ environment: flagSetId }, head.epoch)
    }
    environments.set(feed.environments.size)
    stale.set(feed.staleSince === null ? 0 : (now() - feed.staleSince) / 1_000)
    streams.set({ kind: 'config' }, hub.size)
    streams.set({ kind: 'ofrep' }, ofrep.listeners.size)
    streams.set({ kind: 'flagd' }, flagd.size)
    delay.set(loopDelay() / 1_000)
  })
}

type Counted = { inc(): void }
const counted = new Map<string, Counted>()

/** Answers by route and status, a name each: as few as there are routes, whatever is asked for. */
export function countAnswer(route: string, status: number): void {
  const name = `${route} ${status}`
  let counter = counted.get(name)
  if (!counter) {
    counter = metrics().deliveryRequests.labels(route, String(status))
    counted.set(name, counter)
  }
  counter.inc()
}

/** How long after its commit, in epoch milliseconds, a version got so far. */
export function gotThere(path: 'held' | 'sent' | 'confirmed', committedAt: number): void {
  metrics().apply.observe({ path }, Math.max(0, now() - committedAt) / 1_000)
}
