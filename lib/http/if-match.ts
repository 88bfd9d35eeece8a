import { ControlError } from '@/lib/control/errors'

// A bare version is taken for a quoted one: shells eat quotes. A weak tag is taken for a strong one: proxies that
// compress weaken every tag they pass on (RFC 9110, 13.1.1 would never let one match).
const TAG = /^(?:W\/)?(?:"([\x21\x23-\x7e]*)"|([\w.*-]+))$/

/** The tags of If-Match, without quotes; null without the header. */
export function readIfMatch(header: string | null): string[] | null {
  if (header === null) return null
  return header.split(',').map((part) => {
    const tag = TAG.exec(part.trim())
    if (!tag) throw new ControlError('malformed', 'If-Match: send the ETag you were given, e.g. "7"')
    return tag[1] ?? tag[2]!
  })
}
