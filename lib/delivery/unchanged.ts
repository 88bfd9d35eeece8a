import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Node } from './admitted'
import { NO_SNIFFING } from './ask'
import { tokenInBearer } from './authenticate'
import { clientName } from './client-name'
import { codingFor, headersFor, tagFor } from './config'
import type { Coding, Environment } from './environment'
import { countAnswer } from './measures'
import type { View } from './view'

type Held = { tag: string; headers: Readonly<Record<string, string>> }

const known = new WeakMap<Environment['head'], Map<string, Held>>()

/** What a client holds whose config is the newest, and what it is answered. */
function heldIn(environment: Environment, view: View, coding: Coding): Held {
  const all = known.get(environment.head) ?? new Map<string, Held>()
  known.set(environment.head, all)
  const name = view + coding
  let held = all.get(name)
  if (!held) {
    const tag = tagFor(environment.id, view, coding)
    held = { tag, headers: { ...headersFor(view, null), ETag: tag, ...NO_SNIFFING } }
    all.set(name, held)
  }
  return held
}

/**
 * The short way for what is asked most: `GET /config` with a key that was used before, by a client that holds the newest
 * state. Answers what the long way would, or leaves the request alone.
 */
export function answeredUnchanged(
  { feed, sightings }: Pick<Node, 'feed' | 'sightings'>,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { headers } = request
  const tag = headers['if-none-match']
  if (tag === undefined || request.url !== '/config' || request.method !== 'GET') return false
  const token = tokenInBearer(headers.authorization)
  const key = token === undefined ? null : feed.keys.findKnown(token)
  if (!key || key.view === 'residual' || headers.origin !== undefined || key.origins.length > 0) return false
  const environment = feed.environments.get(key.environmentId)
  if (!environment || feed.staleSince !== null) return false
  const coding = codingFor(headers['accept-encoding'] as string | undefined)
  const held = heldIn(environment, key.view, coding)
  if (tag !== held.tag) return false
  countAnswer('config', 304)
  sightings.saw(key, 'config', clientName({ header: (name) => headers[name] as string | undefined }))
  response.writeHead(304, held.headers).end()
  return true
}
