import { describe, expect, it } from 'vitest'
import { parseNetwork } from '@/lib/evaluation/networks'
import { clientAddress, countedAs } from './client-address'

const trusted = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'].map((text) => parseNetwork(text)!)

describe('clientAddress', () => {
  it.each([
    ['203.0.113.1', undefined, '203.0.113.1'],
    ['::ffff:203.0.113.1', undefined, '203.0.113.1'],
    ['203.0.113.1', '198.51.100.7', '203.0.113.1'], // who speaks is not trusted
    ['127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['::ffff:127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['127.0.0.1', '1.2.3.4, 198.51.100.7', '198.51.100.7'], // the first was written by the client
    ['127.0.0.1', '198.51.100.7, 10.1.2.3', '198.51.100.7'], // two proxies of ours
    ['127.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['127.0.0.1', '[2001:470::1]:443', '2001:470::1'],
    ['2001:db8::1', '2001:470::1', '2001:470::1'],
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.7, _hidden', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    [undefined, undefined, ''],
  ])('from %s with %j is %s', (peer, forwarded, address) => {
    expect(clientAddress(peer, forwarded, trusted)).toBe(address)
  })

  it('believes nobody where nobody is trusted', () => {
    expect(clientAddress('127.0.0.1', '198.51.100.7', [])).toBe('127.0.0.1')
  })
})

describe('countedAs', () => {
  it('takes a /64 of IPv6 for one client', () => {
    expect(countedAs('2001:470:1:2:aaaa::1')).toBe('2001:470:1:2::/64')
    expect(countedAs('2001:470:1:2:bbbb::2')).toBe('2001:470:1:2::/64')
    expect(countedAs('203.0.113.1')).toBe('203.0.113.1')
    expect(countedAs('')).toBe('')
  })
})
