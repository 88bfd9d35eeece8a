import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What node:http reads a connection with; none of it is in its types. */
type Parser = { unconsume(): void; remove(): void; close(): void; _consumed?: boolean }

const OF_HTTP = ['data', 'end', 'close', 'error', 'drain', 'timeout', 'pause', 'resume']

function free(parser: Parser): void {
  const { unconsume, remove, close } = parser
  if (![unconsume, remove, close].every((method) => typeof method === 'function')) return // some later Node: no gain
  if (parser._consumed) parser.unconsume()
  parser.remove()
  parser.close()
}

/**
 * Takes the socket of a response whose head is sent away from node:http, which would keep the request, the response and
 * a parser for as long as it is open: a third of what a stream costs. What the client still sends is dropped; when it
 * hangs up, so do we.
 */
export function detach(request: IncomingMessage, response: ServerResponse): Socket {
  const { socket } = request
  const owned = socket as Socket & { parser: Parser | null }
  const { parser } = owned
  response.detachSocket(socket)
  for (const event of OF_HTTP) socket.removeAllListeners(event)
  owned.parser = null
  // It may be what calls us: its stack has to unwind first.
  if (parser) setImmediate(() => free(parser))
  socket.on('error', () => {}) // it closes next
  socket.once('end', () => socket.destroy())
  socket.setTimeout(0)
  socket.setNoDelay(true)
  socket.resume()
  response.emit('close') // for whoever waits for the end of what is under way
  return socket
}
