import { expect, it } from 'vitest'
import { clientName } from './client-name'

const from = (headers: Record<string, string>) => clientName({ header: (name) => headers[name] })

it.each([
  [
    'a provider of ours',
    { 'jackstaff-client': 'openfeature-server/0.1.0', 'user-agent': 'node' },
    'openfeature-server/0.1.0',
  ],
  [
    'a browser',
    { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36' },
    'Chrome on Linux',
  ],
  ['a library', { 'user-agent': 'python-requests/2.32.3 extra' }, 'python-requests/2.32.3'],
  ['a name that is none', { 'jackstaff-client': '<b>', 'user-agent': 'curl/8.5.0' }, 'curl/8.5.0'],
  ['nothing', {}, ''],
])('names %s', (_, headers, name) => {
  expect(from(headers as Record<string, string>)).toBe(name)
})
