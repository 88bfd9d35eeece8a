import { digitAt } from './digits'

const V4_BITS = 32
const V6_BITS = 128
const LONGEST = 45 // "0000:0000:0000:0000:0000:ffff:255.255.255.255"

/** Eight groups of 16 bits, or two for IPv4. */
export type Address = { readonly bits: 32 | 128; readonly groups: Uint16Array }

export type Network = Address & { readonly prefix: number; readonly masks: Uint16Array }

// Every address read lands in the same memory: valid until the next one is read.
const groups = new Uint16Array(8)
const v6: Address = { bits: V6_BITS, groups }
const v4: Address = { bits: V4_BITS, groups: groups.subarray(6) }

/** Reads an IPv4 or IPv6 address; valid until the next one is read. `null` where the text is neither. */
export function readAddress(text: string): Address | null {
  if (text.length > LONGEST) return null
  if (!text.includes(':')) return readV4Into(text, 0, 6) ? v4 : null
  if (!readV6(text)) return null
  return isMapped() ? v4 : v6
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a plain address, which stands for itself; `null` where the text is no network. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf('/')
  const address = readAddress(slash === -1 ? text : text.slice(0, slash))
  if (!address) return null
  const written = slash === -1 ? String(address.bits) : text.slice(slash + 1)
  if (!/^(0|[1-9]\d{0,2})$/.test(written)) return null
  const isMappedText = address.bits === V4_BITS && text.includes(':') && slash !== -1
  const prefix = Number(written) - (isMappedText ? V6_BITS - V4_BITS : 0)
  if (prefix < 0 || prefix > address.bits) return null
  return { bits: address.bits, groups: address.groups.slice(), prefix, masks: masksOf(prefix, address.bits) }
}

/** What is wrong with a network, in words; `null` where nothing is. */
export function networkFault(text: string): string | null {
  const shown = JSON.stringify(text.slice(0, LONGEST + 4))
  const network = parseNetwork(text)
  if (!network) return `must be an IP address or a network, such as 10.0.0.0/8 or 2001:db8::/32, not ${shown}`
  const { groups, masks, prefix } = network
  if (groups.every((group, i) => (group & ~masks[i]!) === 0)) return null
  const meant = groups.map((group, i) => group & masks[i]!)
  return `${shown} has bits beyond its prefix: did you mean "${format(meant)}/${prefix}"`
}

export function within({ bits, groups }: Address, network: Network): boolean {
  if (bits !== network.bits) return false
  for (let i = 0; i < groups.length; i++) {
    if ((groups[i]! & network.masks[i]!) !== network.groups[i]) return false
  }
  return true
}

function masksOf(prefix: number, bits: number): Uint16Array {
  const masks = new Uint16Array(bits / 16)
  for (let i = 0; i < masks.length; i++) {
    const ones = Math.min(16, Math.max(0, prefix - i * 16))
    masks[i] = 0xffff << (16 - ones)
  }
  return masks
}

function format(groups: Uint16Array): string {
  if (groups.length === 2) return [...groups].flatMap((group) => [group >> 8, group & 0xff]).join('.')
  const written = [...groups].map((group) => group.toString(16))
  const end = groups.findLastIndex((group) => group !== 0) + 1
  return end > 6 ? written.join(':') : `${written.slice(0, end).join(':')}::`
}

/** ::ffff:a.b.c.d is the IPv4 address a.b.c.d. */
function isMapped(): boolean {
  for (let i = 0; i < 5; i++) if (groups[i] !== 0) return false
  return groups[5] === 0xffff
}

/** The whole rest of the text from `start`, as the two groups at `index`. */
function readV4Into(text: string, start: number, index: number): boolean {
  let at = start
  let value = 0
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && text.charCodeAt(at++) !== DOT) return false
    const first = at
    let number = 0
    for (let digit = digitAt(text, at); digit !== -1; digit = digitAt(text, ++at))
      number = number * 10 + digit
    const length = at - first
    if (length === 0 || length > 3 || number > 255) return false
    if (length > 1 && text.charCodeAt(first) === ZERO) return false
    value = value * 256 + number
  }
  groups[index] = value / 65_536
  groups[index + 1] = value
  return at === text.length
}

function readV6(text: string): boolean {
  let count = 0
  let gap = -1
  let at = 0
  if (text.startsWith('::')) {
    gap = 0
    at = 2
  }
  while (at < text.length) {
    const colon = text.indexOf(':', at)
    if (colon === -1 && count <= 6 && text.includes('.', at)) {
      if (!readV4Into(text, at, count)) return false
      count += 2
      break
    }
    const end = colon === -1 ? text.length : colon
    if (count === 8 || !readGroup(text, at, end, count++)) return false
    if (colon === -1) break
    at = end + 1
    if (text.charCodeAt(at) === COLON) {
      if (gap !== -1) return false
      gap = count
      at++
    } else if (at === text.length) return false
  }
  return gap === -1 ? count === 8 : spread(gap, count)
}

/** Moves the groups after a "::" to the end, zeros between. */
function spread(gap: number, count: number): boolean {
  if (count === 8) return false
  const tail = 8 - (count - gap)
  groups.copyWithin(tail, gap, count)
  groups.fill(0, gap, tail)
  return true
}

const COLON = 0x3a
const DOT = 0x2e
const ZERO = 0x30

function hexadecimal(text: string, at: number): number {
  const letter = (text.charCodeAt(at) | 0x20) - 0x61 + 10 // either case
  return letter >= 10 && letter <= 15 ? letter : digitAt(text, at)
}

function readGroup(text: string, start: number, end: number, index: number): boolean {
  if (end === start || end - start > 4) return false
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = hexadecimal(text, at)
    if (digit === -1) return false
    value = value * 16 + digit
  }
  groups[index] = value
  return true
}
