import type { Node } from './admitted'
import { type Ask, json, problem, type Reply } from './answer'
import { now } from './clock'

const WHOLE_SECONDS = /^\d{1,6}$/

/**
 * `GET /readyz`: whether this node has a config for every environment. One whose database is away goes on serving what
 * it has: a balancer that took it out would make stale flags into no flags. `?max_stale=<seconds>` asks for more.
 */
export function ready({ feed, hub }: Node, ask: Ask): Reply {
  const mostStale = ask.query.get('max_stale')
  if (mostStale !== null && !WHOLE_SECONDS.test(mostStale))
    return problem(400, 'Malformed limit', 'max_stale: use whole seconds, such as 60')
  if (hub.leaving) return json(503, { status: 'stopping' })
  if (!feed.ready) return json(503, { status: 'starting' })
  const { staleSince } = feed
  const staleMs = staleSince === null ? 0 : now() - staleSince
  const tooStale = mostStale !== null && staleMs > Number(mostStale) * 1_000
  const body = { environments: feed.environments.size, streams: hub.size, staleSince, staleMs }
  return tooStale ? json(503, { status: 'stale', ...body }) : json(200, { status: 'ready', ...body })
}
