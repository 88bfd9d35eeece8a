import { isIP } from 'node:net'
import { type Network, networkFault, parseNetwork } from '@/lib/evaluation/networks'
import { isIn, isPublic } from './addresses'

/** What an operator lets requests reach besides the public internet: JACKSTAFF_WEBHOOK_ALLOW. */
export type Allowed = { readonly hosts: ReadonlySet<string>; readonly networks: readonly Network[] }

const LONGEST = 2_000
const NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/

/** Names that only a machine or a house gives out. */
const INNER =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|svc|test|invalid)$/

/**
 * Reads a comma-separated list of hosts and networks. Throws where it names something else.
 *
 * @example parseAllowed('hooks.corp.example, 10.1.0.0/16')
 */
export function parseAllowed(text: string): Allowed {
  const entries = text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
  const hosts = new Set<string>()
  const networks: Network[] = []
  for (const entry of entries) {
    const isNetwork = entry.includes('/') || entry.includes(':') || /^[\d.]+$/.test(entry)
    const fault = isNetwork
      ? networkFault(entry)
      : NAME.test(entry)
        ? null
        : `${JSON.stringify(entry)} is no name of a host`
    if (fault) throw new Error(fault)
    if (isNetwork) networks.push(parseNetwork(entry)!)
    else hosts.add(entry)
  }
  return { hosts, networks }
}

/** The host of a URL, an IPv6 address without its brackets. */
export const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, '$1')

const isNamed = (host: string, { hosts, networks }: Allowed) => hosts.has(host) || isIn(host, networks)

/** Whether a connection to this address may be made for that host. */
export const isReachable = (address: string, host: string, allowed: Allowed) =>
  isPublic(address) || isIn(address, allowed.networks) || allowed.hosts.has(host)

function hostFault(host: string, allowed: Allowed): string | null {
  if (isNamed(host, allowed)) return null
  const ask = 'an operator can name it in JACKSTAFF_WEBHOOK_ALLOW'
  if (isIP(host)) return isPublic(host) ? null : `${host} is no public address: ${ask}`
  if (!NAME.test(host)) return 'the host is no name of the internet'
  if (!host.includes('.') || INNER.test(host)) return `"${host}" is a name of an inner network: ${ask}`
  return null
}

/**
 * What is wrong with the address of an endpoint, in words; null where nothing is. One host has one spelling: what a
 * parser would read as another host than is written is refused, whatever it means.
 *
 * @example targetFault('https://0x7f.1/', allowed) // 'write the host as "127.0.0.1"'
 */
export function targetFault(text: string, allowed: Allowed): string | null {
  if (text.length > LONGEST) return `at most ${LONGEST} characters`
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('\\'))
    return 'write visible ASCII characters alone, and a name of other letters as "xn--..."'
  const [, authority] = /^https?:\/\/([^/?#]+)/i.exec(text) ?? []
  if (authority === undefined || !URL.canParse(text))
    return 'write an address such as https://example.com/hook'
  if (authority.includes('@')) return 'leave name and password out: requests are signed'
  const url = new URL(text)
  const written = authority.toLowerCase()
  if (url.host !== written && `${url.host}:${url.protocol === 'https:' ? 443 : 80}` !== written)
    return `write the host as "${url.host}"`
  if (text.includes('#')) return 'leave the part after "#" out: it is never sent'
  const host = hostOf(url)
  const fault = hostFault(host, allowed)
  if (fault !== null || isNamed(host, allowed)) return fault
  if (url.protocol !== 'https:') return 'use https: what is sent over http, everybody on the way can read'
  return url.port === '' ? null : 'use port 443: others are for hosts that JACKSTAFF_WEBHOOK_ALLOW names'
}
