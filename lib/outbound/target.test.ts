import { describe, expect, it } from 'vitest'
import { innerHosts, otherSchemes } from '@/tests/support/inner-hosts'
import { isPublic } from './addresses'
import { parseAllowed, targetFault } from './target'

const nothing = parseAllowed('')

describe('the address of an endpoint', () => {
  it.each(innerHosts)('is not at %j', (host) => {
    expect(targetFault(`https://${host}/hook`, nothing)).not.toBeNull()
  })

  it.each(otherSchemes)('is not %j', (text) => {
    expect(targetFault(text, nothing)).not.toBeNull()
  })

  it.each([
    'https://example.com/hook',
    'https://EXAMPLE.com/hook?team=a',
    'https://hooks.slack.com/services/T0/B0/x',
    'https://example.com:443/',
    'https://a_b.example.co.uk',
    'https://xn--bcher-kva.example/',
    'https://93.184.216.34/hook',
    'https://[2606:2800:220:1::1]/hook',
  ])('can be %s', (text) => {
    expect(targetFault(text, nothing)).toBeNull()
  })

  it('is https on port 443, but for what an operator names', () => {
    const allowed = parseAllowed('hooks.inner, 10.1.0.0/16, fd00:1::/32')
    for (const text of [
      'http://hooks.inner/',
      'http://hooks.inner:8080/',
      'http://10.1.2.3:3000/',
      'https://10.1.2.3/',
      'http://[fd00:1::5]:99/',
    ])
      expect(targetFault(text, allowed), text).toBeNull()
    for (const text of [
      'http://example.com/',
      'https://example.com:8443/',
      'https://10.2.0.1/',
      'http://other.inner/',
      'https://[fd00:2::5]/',
      'http://hooks.inner.example.com/',
    ])
      expect(targetFault(text, allowed), text).not.toBeNull()
  })

  it('says how a host is written', () => {
    expect(targetFault('https://0x7f.1/', nothing)).toBe('write the host as "127.0.0.1"')
    expect(targetFault('https://user:word@example.com/', nothing)).toContain('leave name and password out')
    expect(targetFault('https://10.0.0.1/', nothing)).toContain('JACKSTAFF_WEBHOOK_ALLOW')
  })
})

describe('a public address', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
  ])('is %s', (address) => {
    expect(isPublic(address)).toBe(true)
  })
  it.each(['2606:4700::1111', '2001:200::1', '2a00:1450:4001::1', '2400:cb00::1'])('is %s', (address) => {
    expect(isPublic(address)).toBe(true)
  })
  it.each(['', 'example.com', '::ffff:8.8.8.8', 'fe80::1%eth0', '8.8.8', '1.1.1.1/32', '4000::1', '1fff::1'])(
    'is not %j',
    (address) => {
      expect(isPublic(address)).toBe(false)
    },
  )
})

describe('JACKSTAFF_WEBHOOK_ALLOW', () => {
  it.each(['https://example.com', '10.0.0.0/33', '10.0.0.1/8', 'a b', '*.example.com', 'host:80', '127.1'])(
    'refuses %j',
    (text) => {
      expect(() => parseAllowed(text)).toThrow(text)
    },
  )
})
