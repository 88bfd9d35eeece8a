import type { Acks } from './acks'
import { type Ask, problem, type Reply } from './answer'
import { authenticate } from './authenticate'
import type { Budgets } from './budgets'
import type { ChangeFeed } from './change-feed'
import { clientName } from './client-name'
import type { Environment } from './environment'
import type { Key } from './keys'
import type { Ofrep } from './ofrep/ofrep'
import { refusedOrigin } from './origins'
import type { RelayedStreams } from './relay/relayed-streams'
import type { Sightings } from './sightings'
import type { StreamHub } from './stream'
import type { Usage } from './usage'

/** What a delivery node is made of, for those who answer requests. */
export type Node = {
  feed: ChangeFeed
  hub: StreamHub
  usage: Usage
  acks: Acks
  sightings: Sightings
  ofrep: Ofrep
  relayed: RelayedStreams
  budgets: Budgets
}

export const LOOK_MS = 300 // a database that is away must not hold up an answer

/** The key and its environment, or why not. */
export async function admitted(
  { feed }: Pick<Node, 'feed'>,
  ask: Ask,
): Promise<{ key: Key; environment: Environment } | Reply> {
  const key = await authenticate(feed.keys, ask, () => feed.nudgeWithin(LOOK_MS))
  if ('status' in key) return key
  const refused = refusedOrigin(key, ask)
  if (refused) {
    feed.keys.refusals.add({ reason: 'origin', keyId: key.id, client: clientName(ask) })
    return refused
  }
  const environment = feed.environments.get(key.environmentId)
  return environment
    ? { key, environment }
    : problem(503, 'Starting', 'this node has not read the environment yet', { 'Retry-After': '1' })
}
