import { ssoRefused } from '@/lib/control/sso/refused'

// Before any parser sees it. No provider sends comments, CDATA, DTDs or processing instructions in a response, and each
// has been used to make two parsers read two things. Without them a "<" begins an element, and elements can be counted.

const MOST_CHARS = 512 * 1024
const FORBIDDEN = /<!|<\?(?!xml\s)/
const WEAK = /(xmldsig#|xmldsig-more#)(rsa-sha1|sha1|dsa-sha1|hmac-\w+|md5|rsa-md5)\b/i

const count = (xml: string, element: string) =>
  [...xml.matchAll(new RegExp(`<(?:[^\\s<>/:]+:)?${element}(?=[\\s/>])`, 'g'))].length

/** The XML of a response. Throws where its shape alone is not one that an honest provider sends. */
export function responseXml(base64: string): string {
  if (!/^[A-Za-z0-9+/=\s]+$/.test(base64)) throw ssoRefused('refused', 'the response is no base64')
  const bytes = Buffer.from(base64, 'base64')
  let xml: string
  try {
    xml = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw ssoRefused('refused', 'the response is no UTF-8')
  }
  if (xml.length > MOST_CHARS) throw ssoRefused('refused', 'the response is too large')
  if (FORBIDDEN.test(xml)) throw ssoRefused('refused', 'the response holds a comment, a DTD or the like')
  if (WEAK.test(xml)) throw ssoRefused('refused', 'the response is signed with SHA-1 or a shared secret')
  for (const element of ['Response', 'Assertion', 'Subject', 'NameID'])
    if (count(xml, element) > 1) throw ssoRefused('refused', `the response holds more than one ${element}`)
  return xml
}
