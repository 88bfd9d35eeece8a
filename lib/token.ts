import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** `srv` server SDK key, `cli` client SDK key (public), `svc` service token, `pat` personal token. */
export type TokenKind = 'srv' | 'cli' | 'svc' | 'pat'

/** The id is public: it finds the row. The secret is 256 bits; the CRC lets scanners and typos be told apart. */
export type Token = { id: string; token: string }

const FORM = /^jks_(srv|cli|svc|pat)_([0-9a-f]{12})_([0-9a-f]{64})([0-9a-f]{8})$/

const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0')

/**
 * A fresh token, shown to its owner once.
 *
 * @example newToken('srv') // { id: 'srv_0f3a…', token: 'jks_srv_0f3a…_…' }
 */
export function newToken(kind: TokenKind): Token {
  const id = randomBytes(6).toString('hex')
  const body = `jks_${kind}_${id}_${randomBytes(32).toString('hex')}`
  return { id: `${kind}_${id}`, token: body + checksum(body) }
}

/** Where a well-formed token has its id; whether it is one is not looked at. */
export const idIn = (token: string) => `${token.slice(4, 7)}_${token.slice(8, 20)}`

/** The kind and public id of a well-formed token, or null. Says nothing about whether it is valid. */
export function readToken(token: string): { kind: TokenKind; id: string } | null {
  const match = FORM.exec(token)
  if (!match || checksum(token.slice(0, -8)) !== match[4]) return null
  const kind = match[1] as TokenKind
  return { kind, id: `${kind}_${match[2]}` }
}
