import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { metrics } from '@/lib/metrics/metrics'
import type { Admission } from './admission'
import { admitted, LOOK_MS, type Node } from './admitted'
import { type Ask, problem, type Reply } from './answer'
import { NO_SNIFFING, send } from './ask'
import { clientName } from './client-name'
import { detach } from './detach'
import type { Environment } from './environment'
import type { Key } from './keys'
import { countAnswer } from './measures'
import { corsFor, withinOrigins } from './origins'
import { tooMany } from './too-many'
import type { KeyView } from './view'

const SOON = { 'Retry-After': '1' }
const REFILL_MS = 1_000 // then a client is told to fetch the whole config, which is dearer for both

/** A key that may have the rules may also do with less. */
function viewOf(key: Key, ask: Ask): KeyView {
  return key.view === 'full' && ask.query.get('mode') === 'residual' ? 'residual' : key.view
}

/** Makes sure, as far as it goes, that what the client missed can be replayed. */
async function prepare(node: Node, environment: Environment, key: Key, lastId: string): Promise<void> {
  if (environment.lacks(lastId)) {
    await node.feed.nudgeWithin(LOOK_MS) // another node was faster than this one
    // Whoever has a server key is of the house: what it holds was published once, and the database has lost it.
    if (key.view === 'server' && environment.lacks(lastId) && !node.feed.away)
      node.feed.claimLost(environment, lastId)
  } else if (key.view !== 'residual' && environment.backlog.since(key.view, lastId) === null)
    await node.feed.refillWithin(REFILL_MS, environment)
}

function crowded(wait: number): Reply {
  metrics().streamsRefused.inc()
  const detail = 'this node opens no more streams just now: poll, and come back'
  return problem(503, 'Crowded', detail, { 'Retry-After': String(wait) })
}

/**
 * The key and its environment where there is room for one more stream. A crowd is refused before anything is looked up;
 * whoever has no key takes nobody's place.
 */
async function letIn(node: Node, admission: Admission, ask: Ask): ReturnType<typeof admitted> {
  if (node.hub.leaving) return problem(503, 'Stopping', 'this node ends: another one takes you', SOON)
  const connected = () => node.hub.size + node.ofrep.listeners.size
  const early = admission.wait(connected())
  if (early > 0) return crowded(early)
  const found = await admitted(node, ask)
  if ('status' in found) return found
  const refused = await node.budgets.take('streams', found.key, ask.client())
  if (refused) return withinOrigins(found.key, ask, tooMany(refused))
  const late = admission.enter(connected()) // others may have come while the key was looked up
  return late > 0 ? crowded(late) : found
}

/**
 * The head of an event stream; `greet` takes the socket that carries the rest. The head and its first words leave
 * together: a packet, and a third of what a crowd costs at the door.
 */
function begin(
  ask: Ask,
  key: Key,
  request: IncomingMessage,
  response: ServerResponse,
  greet: (socket: Socket) => void,
): void {
  request.socket.cork()
  response.useChunkedEncodingByDefault = false
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    ...NO_SNIFFING,
    Connection: 'close',
    ...(key.view === 'server' ? {} : corsFor(key, ask)),
  })
  response.flushHeaders()
  const socket = detach(request, response)
  greet(socket)
  socket.uncork()
}

/** `GET /ofrep/v1/events`: the event stream that bulk answers name. */
export async function openEvents(
  node: Node,
  admission: Admission,
  ask: Ask,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await letIn(node, admission, ask)
  if (response.destroyed) return
  countAnswer('ofrep-events', 'status' in found ? found.status : 200)
  if ('status' in found) return send(response, found)
  const { key, environment } = found
  const lastId = ask.header('last-event-id')
  begin(ask, key, request, response, (socket) =>
    node.ofrep.listeners.join(socket, key, environment, lastId, clientName(ask)),
  )
}

/** `GET /config/stream`: from here on the socket belongs to the hub, or to the relay that it came through. */
export async function openStream(
  node: Node,
  admission: Admission,
  ask: Ask,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let found = await letIn(node, admission, ask)
  const lastId = ask.header('last-event-id')
  if (lastId !== undefined && 'key' in found && lastId !== found.environment.id) {
    await prepare(node, found.environment, { ...found.key, view: viewOf(found.key, ask) }, lastId)
    found = await admitted(node, ask) // the key may have gone meanwhile
  }
  if (response.destroyed) return
  countAnswer('stream', 'status' in found ? found.status : 200)
  if ('status' in found) return send(response, found)
  const { environment } = found
  const key = { ...found.key, view: viewOf(found.key, ask) }
  const held = node.relayed.hold(ask, key, environment, lastId)
  if (held) {
    node.sightings.saw(key, 'config', clientName(ask)) // the relay knows for how long
    return send(response, held)
  }
  begin(ask, key, request, response, (socket) =>
    node.hub.join(socket, key, environment, lastId, clientName(ask)),
  )
}
