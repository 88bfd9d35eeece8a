import { expect, it } from 'vitest'
import type { ArrivalsView } from '@/lib/control/views'
import { helpFor } from './help'

const at = '2026-11-26T04:00:00.000Z'
const nothing: ArrivalsView = {
  now: at,
  open: 0,
  clients: [],
  refusals: [],
  unknownFlags: [],
  elsewhere: [],
  evaluation: null,
}
const help = (arrivals: Partial<ArrivalsView>) =>
  helpFor({
    arrivals: { ...nothing, ...arrivals },
    flag: 'checkout',
    environment: 'development',
    url: 'https://flags.example.com',
  })

const connected = { client: 'openfeature-server/0.1.0', protocol: 'config', open: 1, askedAt: null } as const
const refused = (reason: ArrivalsView['refusals'][number]['reason']) => ({ reason, client: 'curl/8.5.0', at })

it.each([
  ['nothing at all', {}, 'Nothing has reached Jackstaff yet'],
  ['a key that is none of ours', { refusals: [refused('unknown')] }, 'A key was refused'],
  ['a server key in a browser', { refusals: [refused('in_browser')] }, 'A server key came from a browser'],
  [
    'an app of another environment',
    { elsewhere: ['production'] },
    'An app is connected to production instead',
  ],
  [
    'an app that does not ask',
    { clients: [connected] },
    'openfeature-server/0.1.0 is connected, and has not asked',
  ],
  [
    'an app of flagd',
    { clients: [{ ...connected, protocol: 'flagd' as const }] },
    'A provider of flagd is connected',
  ],
  [
    'a flag that nobody knows, whatever else there is',
    { clients: [connected], unknownFlags: [{ flag: 'chekout', because: 'unknown' as const }] },
    'Your app asks for “chekout”',
  ],
  [
    'a browser that may not have it',
    { unknownFlags: [{ flag: 'checkout', because: 'not_in_browsers' as const }] },
    'A browser asked for this flag',
  ],
])('seeing %s, it says so', (_, arrivals, title) => {
  expect(help(arrivals).title).toContain(title)
})

it('offers to create the flag that an app asks for, and the environment that it is in', () => {
  expect(help({ unknownFlags: [{ flag: 'chekout', because: 'unknown' }] }).suggestion).toEqual({
    create: 'chekout',
  })
  expect(help({ elsewhere: ['staging'] }).suggestion).toEqual({ environment: 'staging' })
})
