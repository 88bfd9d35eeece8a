import { isIP } from 'node:net'
import { type Network, readAddress, within } from '@/lib/evaluation/networks'

const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/i // how a socket that listens to both spells an IPv4 address
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/

const isOneOf = (address: string, networks: readonly Network[]) => {
  const read = readAddress(address)
  return read !== null && networks.some((network) => within(read, network))
}

/**
 * Whose request it is. A proxy that is trusted says whom it speaks for, in `X-Forwarded-For`: read from its end, for as
 * long as who speaks is trusted. What stands before that anybody may have written.
 *
 * @example clientAddress('127.0.0.1', '203.0.113.9', trusted) // '203.0.113.9', where 127.0.0.1 is trusted
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: readonly Network[],
): string {
  let address = (peer ?? '').replace(IPV4_IN_IPV6, '')
  if (forwardedFor === undefined || trusted.length === 0) return address
  const named = forwardedFor.split(',')
  while (named.length > 0 && isOneOf(address, trusted)) {
    const written = named.pop()!.trim()
    const [, v6, v4] = WITH_PORT.exec(written) ?? []
    const next = v6 ?? v4 ?? written
    if (isIP(next) === 0) break
    address = next.replace(IPV4_IN_IPV6, '')
  }
  return address
}

/** What is counted as one client: an IPv4 address, or the /64 that one household or machine has of IPv6. */
export function countedAs(address: string): string {
  if (!address.includes(':')) return address
  const read = readAddress(address)
  if (read?.bits !== 128) return address
  return `${[...read.groups.subarray(0, 4)].map((group) => group.toString(16)).join(':')}::/64`
}
