import { Socket as DatagramSocket } from 'node:dgram'
import dns from 'node:dns'
import { Socket } from 'node:net'

let attempts = 0

function refuse(): never {
  attempts++
  throw new Error('the benchmark is offline: an engine tried to reach the network')
}

/** From here on whatever wants to connect, resolve a name or send a datagram fails, and is counted. */
export function goOffline() {
  Socket.prototype.connect = refuse
  DatagramSocket.prototype.send = refuse
  DatagramSocket.prototype.connect = refuse
  dns.lookup = Object.assign(refuse, { __promisify__: refuse })
  globalThis.fetch = refuse
}

/** Engines may swallow the refusal, so this is asked at the end. */
export function mustHaveStayedOffline() {
  if (attempts > 0) throw new Error(`engines tried ${attempts} times to reach the network`)
}
