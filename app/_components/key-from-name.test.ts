import { expect, it } from 'vitest'
import { keyFromName } from './key-from-name'

it('suggests a key that the API accepts', () => {
  const names = ['New checkout', '  Größe & Länge (2027) ', 'v1.2_beta', '...', '—', 'x'.repeat(200)]
  expect(names.map(keyFromName)).toEqual([
    'new-checkout',
    'gro-e-lange-2027',
    'v1.2_beta',
    '',
    '',
    'x'.repeat(128),
  ])
})
