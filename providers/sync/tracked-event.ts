/** What an application told by `track`. `at`: epoch ms. */
export type TrackedEvent = {
  readonly name: string
  readonly targetingKey?: string
  readonly context: unknown
  readonly value?: number
  readonly details: unknown
  readonly at: number
}

/** An event as it is queued. `size`: its characters as JSON. */
export type Tracked = { readonly event: TrackedEvent; readonly size: number }

const MOST_CHARS = 8_192 // of JSON; what is longer is no use to anybody who counts events

export type Fields = Readonly<Record<string, unknown>>

/**
 * What is kept of a call of `track`: a copy as JSON, so that nothing of the application is held on to. A context that is
 * too long, or no JSON, is left out but for its targeting key. `null` where not even the names fit. Never throws.
 */
export function trackedEvent(name: string, context: Fields, details: Fields, at: number): Tracked | null {
  const targetingKey = read(context, 'targetingKey')
  const value = read(details, 'value')
  const attributes = without(context, 'targetingKey')
  const more = without(details, 'value')
  const event = {
    name,
    ...(typeof targetingKey === 'string' && { targetingKey }),
    context: JSON.parse(attributes),
    ...(Number.isFinite(value) && { value: value as number }),
    details: JSON.parse(more),
    at,
  }
  const names = smallJson([name, event.targetingKey])
  return names === null ? null : { event, size: names.length + attributes.length + more.length }
}

/** The other fields as JSON. */
function without(fields: Fields, left: string): string {
  try {
    const { [left]: _, ...rest } = fields
    return smallJson(rest) ?? '{}'
  } catch {
    return '{}'
  }
}

function read(fields: Fields, name: string): unknown {
  try {
    return fields[name]
  } catch {
    return undefined
  }
}

/** `null` for what is no JSON or too long; gives up as soon as it is, whatever there is to come. */
function smallJson(input: unknown): string | null {
  let room = MOST_CHARS
  try {
    const text = JSON.stringify(input, (key, value) => {
      room -= key.length + (typeof value === 'string' ? value.length : 1)
      if (room < 0) throw room
      return value
    })
    return text.length > MOST_CHARS ? null : text
  } catch {
    return null
  }
}
