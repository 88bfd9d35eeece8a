import { randomBytes } from 'node:crypto'
import { seal, unseal } from '@/lib/sealed'

const SECRET_BYTES = 32

/** What endpoints are to keep: Standard Webhooks has 24 to 64 bytes after its prefix. */
export const newSecret = () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`

type What = 'url' | 'secret'

/** A column of an endpoint, for the database. */
export const sealed = (what: What, id: string, text: string) => seal('webhooks', `${what} ${id}`, text)

/** The text of `sealed`. */
export const unsealed = (what: What, id: string, column: string) =>
  unseal('webhooks', `${what} ${id}`, column)

/** An address without what may be a secret in it: the path of a Slack channel lets anybody write there. */
export function maskedUrl(url: string): string {
  if (url === '') return ''
  const { origin, pathname, search } = new URL(url)
  return pathname === '/' && search === '' ? `${origin}/` : `${origin}/…`
}
