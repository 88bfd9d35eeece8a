import type { SeenAttributeView } from '@/lib/control/views'
import type { AttributeCondition, Operator } from '@/lib/evaluation/types'
import { withOperator } from './conditions'

export type SeenAttributes = Readonly<Record<string, SeenAttributeView>>

export const seenByName = (seen: readonly SeenAttributeView[]): SeenAttributes =>
  Object.fromEntries(seen.map((attribute) => [attribute.name, attribute]))

/** The question that one asks first of values of a kind. */
const usual: Record<SeenAttributeView['types'][number], Operator> = {
  string: 'is_one_of',
  boolean: 'is_one_of',
  number: 'gte',
  date: 'after',
  list: 'has_any',
}

const known = (name: string, seen: SeenAttributes) => (Object.hasOwn(seen, name) ? seen[name] : undefined)

/** Names another attribute. While no value is written, the operator follows what the attribute is known to hold. */
export function withAttribute(
  condition: AttributeCondition,
  attribute: string,
  seen: SeenAttributes,
): AttributeCondition {
  const types = known(attribute, seen)?.types ?? []
  const named = { ...condition, attribute }
  if (types.length !== 1 || condition.values.length > 0 || condition.op.includes('set')) return named
  return withOperator(named, usual[types[0]!], false)
}

/** "number, sent by browsers": what is known of an attribute, in a few words. */
export const aboutSeen = ({ types, browser }: SeenAttributeView): string =>
  browser ? `${types.join(' or ')}, from browsers` : types.join(' or ')

/** Says that no application has sent an attribute, where others were sent: it may be misspelt. */
export function doubtAbout(attribute: string, seen: SeenAttributes): string | null {
  if (attribute === '' || attribute === 'targetingKey' || Object.keys(seen).length === 0) return null
  if (known(attribute, seen)) return null
  return `No application has sent “${attribute}” yet: without it, this is not met.`
}
