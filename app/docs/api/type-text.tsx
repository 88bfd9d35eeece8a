import { Fragment, type ReactNode } from 'react'
import { nameIn, type Schema } from './reference'

const LIST_ALL = 8 // of an enumeration; a longer one says how many there are

const literal = (value: unknown) => JSON.stringify(value)

function joined(parts: readonly ReactNode[], by: string): ReactNode {
  return parts.map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a schema never changes while it is shown
    <Fragment key={i}>
      {i > 0 && <span className="text-ink-3">{by}</span>}
      {part}
    </Fragment>
  ))
}

/** What a schema takes or gives, in a line: `string`, `"release" | "ops"`, a link to a type below. */
export function TypeText({ schema }: { schema: Schema }): ReactNode {
  const { $ref, enum: values, anyOf, items, additionalProperties, format } = schema
  if ($ref)
    return (
      <a href={`#type-${nameIn($ref)}`} className="text-accent-ink underline underline-offset-2">
        {nameIn($ref)}
      </a>
    )
  if ('const' in schema) return literal(schema.const)
  if (values) {
    const shown = values.slice(0, LIST_ALL).map(literal)
    return joined(values.length > LIST_ALL ? [...shown, `${values.length - LIST_ALL} more`] : shown, ' | ')
  }
  if (anyOf) {
    const parts = anyOf.map((each) => <TypeText key={JSON.stringify(each)} schema={each} />)
    return joined(parts, ' | ')
  }
  if (items)
    return (
      <>
        list of <TypeText schema={items} />
      </>
    )
  if (typeof additionalProperties === 'object' && !schema.properties)
    return (
      <>
        key {'->'} <TypeText schema={additionalProperties} />
      </>
    )
  const types = [schema.type ?? 'any JSON'].flat()
  return format === 'date-time' ? 'instant, RFC 3339' : types.join(' | ')
}

/** The bounds that a value is held to. */
export function bounds({ minLength, maxLength, minimum, maximum, maxItems }: Schema): string {
  const least = minLength ?? minimum
  const most = maxLength ?? maximum
  const size =
    least !== undefined && most !== undefined ? `${least} to ${most}` : most ? `at most ${most}` : ''
  const count = maxItems === undefined ? '' : `at most ${maxItems}`
  const unit = maxLength !== undefined && size ? ' characters' : ''
  return size ? `${size}${unit}` : count
}
