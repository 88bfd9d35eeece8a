import { describe, expect, it } from 'vitest'
import { newToken, readToken } from './token'

describe('a token', () => {
  it.each(['srv', 'cli', 'svc', 'pat'] as const)('of kind %s says its kind and its public id', (kind) => {
    const { id, token } = newToken(kind)
    expect(token).toMatch(new RegExp(`^jks_${kind}_[0-9a-f]{84}$|^jks_${kind}_[0-9a-f]{12}_[0-9a-f]{72}$`))
    expect(readToken(token)).toEqual({ kind, id })
    expect(token.startsWith(`jks_${id}_`)).toBe(true)
  })

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newToken('srv').token)).size).toBe(1_000)
  })

  it('with one character wrong, missing or added is told apart by its checksum', () => {
    const { token } = newToken('srv')
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === '0' ? '1' : '0'
      expect(readToken(token.slice(0, i) + other + token.slice(i + 1)), `at ${i}`).toBeNull()
    }
    for (const wrong of [token.slice(1), `${token}0`, ` ${token}`, token.toUpperCase(), '', 'jks_srv_'])
      expect(readToken(wrong)).toBeNull()
  })
})
