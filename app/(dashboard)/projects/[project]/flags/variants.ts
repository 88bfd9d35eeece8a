import type { FlagType, JsonValue } from '@/lib/evaluation/types'

/** A variant while it is being written: its value is still text. */
export type VariantRow = { id: string; name: string; text: string }

const STARTING: Record<FlagType, [name: string, text: string][]> = {
  boolean: [
    ['on', 'true'],
    ['off', 'false'],
  ],
  string: [
    ['control', 'control'],
    ['treatment', 'treatment'],
  ],
  number: [
    ['low', '10'],
    ['high', '100'],
  ],
  object: [
    ['control', '{}'],
    ['treatment', '{}'],
  ],
}

let made = 0
export const newRow = (name = '', text = ''): VariantRow => ({ id: `row-${made++}`, name, text })

export const startingRows = (type: FlagType) => STARTING[type].map(([name, text]) => newRow(name, text))

/** The variant served while a flag of this type is off, unless someone chooses: the one that changes nothing. */
export const startingOff = (type: FlagType) => (type === 'boolean' ? 'off' : STARTING[type][0]![0])

export const rowsOf = (variants: Record<string, JsonValue>) =>
  Object.entries(variants).map(([name, value]) =>
    newRow(name, typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
  )

type Parsed = { value: JsonValue } | { problem: string }

const parsers: Record<FlagType, (text: string) => Parsed> = {
  boolean: (text) => ({ value: text === 'true' }),
  string: (text) => ({ value: text }),
  number: (text) => {
    const value = Number(text)
    return text.trim() === '' || !Number.isFinite(value)
      ? { problem: 'write a number, such as 10 or 0.5' }
      : { value }
  },
  object: (text) => {
    try {
      return { value: JSON.parse(text) as JsonValue }
    } catch (error) {
      return { problem: `this is not JSON yet: ${(error as Error).message}` }
    }
  },
}

type ReadVariants =
  | { variants: Record<string, JsonValue>; problems?: undefined }
  | { variants?: undefined; problems: Record<string, string> }

/** The variants as the API takes them, or what is wrong by row id. */
export function readVariants(type: FlagType, rows: readonly VariantRow[]): ReadVariants {
  const problems: Record<string, string> = {}
  const entries: [string, JsonValue][] = []
  for (const { id, name, text } of rows) {
    const parsed = parsers[type](text)
    if (name === '') problems[id] = 'name this variant'
    else if (entries.some(([other]) => other === name))
      problems[id] = `there are two variants named “${name}”`
    else if ('problem' in parsed) problems[id] = parsed.problem
    else entries.push([name, parsed.value])
  }
  return Object.keys(problems).length > 0 ? { problems } : { variants: Object.fromEntries(entries) }
}
