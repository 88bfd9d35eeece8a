import { ControlError } from '../errors'

/** One comparison of a filter: RFC 7644, 3.4.2.2, as far as provisioning asks. The attribute is in lower case. */
export type Comparison = { attribute: string; value: string }

const MOST = 10
const COMPARISON =
  /^([A-Za-z][\w.$:-]*(?:\[[^\]"]*(?:"(?:[^"\\]|\\.)*"[^\]"]*)*\](?:\.\w+)?)?)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)/i
const AND = /^\s+and\s+/i

const refused = () =>
  new ControlError(
    'malformed',
    'filter: use `eq`, and `and` between comparisons, such as userName eq "ana@example.com"',
    [],
    { scimType: 'invalidFilter' },
  )

function textOf(literal: string): string {
  if (!literal.startsWith('"')) return literal.toLowerCase()
  try {
    return JSON.parse(literal) as string
  } catch {
    throw refused()
  }
}

/**
 * The comparisons of a filter, all of which must hold.
 *
 * @example parseFilter('userName eq "ana" and externalId eq "7"') // [{ attribute: 'username', value: 'ana' }, …]
 */
export function parseFilter(filter: string): Comparison[] {
  const found: Comparison[] = []
  for (let rest = filter.trim(); ; ) {
    const match = COMPARISON.exec(rest)
    if (!match || found.length === MOST) throw refused()
    found.push({ attribute: withoutSchema(match[1]!).toLowerCase(), value: textOf(match[2]!) })
    rest = rest.slice(match[0].length)
    if (rest.trim() === '') return found
    const and = AND.exec(rest)
    if (!and) throw refused()
    rest = rest.slice(and[0].length)
  }
}

const SCHEMA = /^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/i

/** An attribute may be named with its schema in front. */
export const withoutSchema = (path: string) => path.replace(SCHEMA, '')
