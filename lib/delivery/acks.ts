import type { Key } from './keys'

const MOST_INSTANCES = 20_000 // an environment; the one that said nothing for longest is forgotten

type Applied = { epoch: number; version: number; browser: boolean }

/** What providers say they have applied, each its newest: that a change arrived, in their own words. */
export class Acks {
  private readonly applied = new Map<number, Map<string, Applied>>()

  /** Answers with whether this instance had not said so before. */
  add(
    key: Pick<Key, 'environmentId' | 'view'>,
    instance: string,
    { epoch, version }: Omit<Applied, 'browser'>,
  ): boolean {
    const known = this.applied.get(key.environmentId) ?? new Map<string, Applied>()
    this.applied.set(key.environmentId, known)
    const before = known.get(instance)
    known.delete(instance)
    known.set(instance, { epoch, version, browser: key.view !== 'server' })
    if (known.size > MOST_INSTANCES) known.delete(known.keys().next().value!)
    return before?.epoch !== epoch || before.version !== version
  }

  /** How many hold this version or a newer one. */
  count(environmentId: number, at: Omit<Applied, 'browser'>): { acked: number; browsers: number } {
    const holding = [...(this.applied.get(environmentId)?.values() ?? [])].filter(
      ({ epoch, version }) => epoch > at.epoch || (epoch === at.epoch && version >= at.version),
    )
    const browsers = holding.filter(({ browser }) => browser).length
    return { acked: holding.length - browsers, browsers }
  }
}
