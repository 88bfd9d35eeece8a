import type { IncomingMessage } from 'node:http'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { clientAddress } from './client-address'

let isTold = false

/** Once is enough: whoever set no proxy up sees each of its requests as one client's. */
function tell(peer: string | undefined): void {
  if (isTold) return
  isTold = true
  log.warn(
    { peer },
    'X-Forwarded-For is not believed: name the proxy in JACKSTAFF_TRUSTED_PROXIES, or all its clients count as one',
  )
}

/** Whose request it is, as far as trusted proxies tell. */
export function addressOf(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-for'] as string | undefined // node joins several into one
  const peer = request.socket.remoteAddress
  const trusted = env.trustedProxies
  if (forwarded !== undefined && trusted.length === 0) tell(peer)
  return clientAddress(peer, forwarded, trusted)
}
