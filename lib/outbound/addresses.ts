import { type Network, parseNetwork, readAddress, within } from '@/lib/evaluation/networks'

const networks = (...texts: string[]) => texts.map((text) => parseNetwork(text)!)

// The special-purpose registries of IANA (RFC 6890 and what came after it). What is globally reachable by them, but
// answered by whoever is nearest (AS112, 6to4 relays), is nobody's endpoint either.
const SPECIAL_V4 = networks(
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers; some clouds keep their metadata here
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // a public address that, inside one cloud, is its host agent
  '169.254.0.0/16', // link-local, metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments, metadata
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // multicast tunnels
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
)

// Everything outside is loopback, link-local, private, multicast, or IPv4 in disguise (mapped, compatible, NAT64).
const GLOBAL_V6 = parseNetwork('2000::/3')!
const SPECIAL_V6 = networks(
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: IPv4 in disguise
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // the former 6bone
  '3fff::/20', // documentation
)

/** Whether an address is one of these networks. A mapped IPv4 address is none of IPv4. */
export function isIn(text: string, some: readonly Network[]): boolean {
  const address = readAddress(text)
  return address !== null && isPlain(text, address.bits) && some.some((network) => within(address, network))
}

const isPlain = (text: string, bits: number) => (bits === 32) !== text.includes(':')

/**
 * Whether an address is somebody's on the public internet. Whatever cannot be read is not.
 *
 * @example isPublic('169.254.169.254') // false
 */
export function isPublic(text: string): boolean {
  if (isIn(text, [GLOBAL_V6])) return !isIn(text, SPECIAL_V6)
  return isV4(text) && !isIn(text, SPECIAL_V4)
}

const isV4 = (text: string) => !text.includes(':') && readAddress(text) !== null
