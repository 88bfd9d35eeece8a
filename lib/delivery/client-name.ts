import { browserName } from '@/lib/browser-name'
import type { Ask } from './answer'

const OURS = /^[\w.@/-]{1,60}$/ // what our providers call themselves
const PRODUCT = /^[\w.-]{1,40}(\/[\w.-]{1,20})?/ // RFC 9110, 10.1.5: the first product is the client
const MOST_KNOWN = 500 // User-Agents whose names are remembered

const known = new Map<string, string>()

function nameOf(userAgent: string): string {
  if (userAgent.startsWith('Mozilla/')) return browserName(userAgent)
  return PRODUCT.exec(userAgent)?.[0] ?? ''
}

/** What sends User-Agents like this one: "Firefox on Linux", "python-requests/2.32". */
export function agentName(userAgent = ''): string {
  let name = known.get(userAgent)
  if (name === undefined) {
    name = nameOf(userAgent)
    if (known.size < MOST_KNOWN) known.set(userAgent, name)
  }
  return name
}

/** What a request is from, as far as it tells: a provider of ours with its version, a browser, or another client. */
export function clientName(ask: Pick<Ask, 'header'>): string {
  const ours = ask.header('jackstaff-client')
  return ours !== undefined && OURS.test(ours) ? ours : agentName(ask.header('user-agent'))
}
