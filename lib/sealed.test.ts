import { beforeAll, describe, expect, it } from 'vitest'
import { provide } from './env'
import { seal, unseal } from './sealed'

beforeAll(() => provide('JACKSTAFF_SECRET', 'a secret of this test, long enough'))

describe('what is sealed', () => {
  it('opens for its owner, and looks different each time', () => {
    const sealed = seal('webhooks', 'secret whk_1', 'whsec_é')
    expect(unseal('webhooks', 'secret whk_1', sealed)).toBe('whsec_é')
    expect(sealed).not.toBe(seal('webhooks', 'secret whk_1', 'whsec_é'))
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('whsec')
  })

  it('opens for nobody else', () => {
    const sealed = seal('webhooks', 'secret whk_1', 'whsec_1')
    expect(() => unseal('webhooks', 'secret whk_2', sealed)).toThrow()
    expect(() => unseal('cache', 'secret whk_1', sealed)).toThrow()
  })

  it('does not open once a byte has changed, or is missing', () => {
    const bytes = Buffer.from(seal('webhooks', 'o', 'text'), 'base64')
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes)
      changed[i]! ^= 1
      expect(() => unseal('webhooks', 'o', changed.toString('base64')), `byte ${i}`).toThrow()
    }
    for (const end of [0, 11, 12, 20, 27, bytes.length - 1])
      expect(() => unseal('webhooks', 'o', bytes.subarray(0, end).toString('base64')), `${end}`).toThrow()
  })
})
