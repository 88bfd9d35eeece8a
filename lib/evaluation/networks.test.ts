import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkFault, parseNetwork, readAddress, within } from './networks'

const groups = (text: string) => {
  const address = readAddress(text)
  return address && [...address.groups].map((group) => group.toString(16)).join(':')
}
const isIn = (text: string, written: string) => {
  const network = parseNetwork(written)!
  return within(readAddress(text)!, network)
}

describe('readAddress', () => {
  it.each([
    ['10.1.2.255', 'a01:2ff'],
    ['0.0.0.0', '0:0'],
    ['255.255.255.255', 'ffff:ffff'],
    ['::ffff:10.1.2.3', 'a01:203'],
    ['::FFFF:a01:203', 'a01:203'],
    ['0:0:0:0:0:ffff:10.1.2.3', 'a01:203'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['1::', '1:0:0:0:0:0:0:0'],
    ['2001:DB8::ff00:42:8329', '2001:db8:0:0:0:ff00:42:8329'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['64:ff9b::1.2.3.4', '64:ff9b:0:0:0:0:102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['0000:0000:0000:0000:0000:fffe:255.255.255.255', '0:0:0:0:0:fffe:ffff:ffff'],
    ['::ffff:0:1.2.3.4', '0:0:0:0:ffff:0:102:304'],
  ])('reads %s', (text, expected) => {
    expect(groups(text)).toBe(expected)
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4 ',
    '0x1.2.3.4',
    '١.2.3.4',
    ':',
    ':::',
    '1:',
    ':1',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '[::1]',
    '::1/128',
    'localhost',
    `${'0'.repeat(40)}::1`,
  ])('refuses "%s"', (text) => {
    expect(readAddress(text)).toBeNull()
  })

  it('reads what the platform reads, zones apart', () => {
    const part = fc.constantFrom(':', '::', '.', '0', '1', 'f', 'ffff', '25', '255', '256', '01', 'g', '/')
    const soup = fc.array(part, { maxLength: 18 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), soup), (text) => {
        expect(readAddress(text) !== null).toBe(isIPv4(text) || isIPv6(text))
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
    ['10.1.2.128/25', '10.1.2.128', '10.1.2.255', '10.1.2.127', '10.1.3.0'],
    ['10.1.2.4/31', '10.1.2.4', '10.1.2.5', '10.1.2.3', '10.1.2.6'],
    ['10.1.2.3', '10.1.2.3', '::ffff:10.1.2.3', '10.1.2.2', '10.1.2.4'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255', '::', 'ffff::'],
    ['::ffff:10.0.0.0/104', '10.0.0.0', '::ffff:10.255.255.255', '11.0.0.0', '::a00:0'],
    ['::/0', '::', 'ffff::', '0.0.0.0', '::ffff:1.2.3.4'],
    ['2001:db8::/32', '2001:db8::', '2001:db8:ffff::ffff', '2001:db7:ffff::', '2001:db9::'],
    ['2001:db8:0:8000::/49', '2001:db8:0:8000::', '2001:db8:0:ffff::1', '2001:db8:0:7fff::', '2001:db8:1::'],
    ['::1', '::1', '0:0:0:0:0:0:0:1', '::', '::2'],
  ])('%s holds its first and last address and not their neighbours', (network, first, last, below, above) => {
    expect(networkFault(network)).toBeNull()
    expect([first, last, below, above].map((text) => isIn(text, network))).toEqual([true, true, false, false])
  })

  it.each([
    ['10.1.2.3/8', '"10.1.2.3/8" has bits beyond its prefix: did you mean "10.0.0.0/8"'],
    ['10.1.2.255/30', '"10.1.2.255/30" has bits beyond its prefix: did you mean "10.1.2.252/30"'],
    ['255.255.255.255/0', '"255.255.255.255/0" has bits beyond its prefix: did you mean "0.0.0.0/0"'],
    ['::ffff:10.1.2.3/104', '"::ffff:10.1.2.3/104" has bits beyond its prefix: did you mean "10.0.0.0/8"'],
    ['2001:db8::1/32', '"2001:db8::1/32" has bits beyond its prefix: did you mean "2001:db8::/32"'],
    [
      '1:2:3:4:5:6:7:8/112',
      '"1:2:3:4:5:6:7:8/112" has bits beyond its prefix: did you mean "1:2:3:4:5:6:7:0/112"',
    ],
    [
      '1:2:3:4:5:6:7:8/96',
      '"1:2:3:4:5:6:7:8/96" has bits beyond its prefix: did you mean "1:2:3:4:5:6::/96"',
    ],
    ['::1/0', '"::1/0" has bits beyond its prefix: did you mean "::/0"'],
    [
      '1:0:0:2:3:4:5:7/127',
      '"1:0:0:2:3:4:5:7/127" has bits beyond its prefix: did you mean "1:0:0:2:3:4:5:6/127"',
    ],
    [
      '10.0.0.0/33',
      'must be an IP address or a network, such as 10.0.0.0/8 or 2001:db8::/32, not "10.0.0.0/33"',
    ],
  ])('%s is refused with what was meant', (network, message) => {
    expect(networkFault(network)).toBe(message)
  })

  it.each([
    '',
    '/',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/ 8',
    '::/129',
    '10/8',
  ])('is not "%s"', (text) => {
    expect(parseNetwork(text)).toBeNull()
  })
})
