/**
 * JSON Schema draft-07, as far as the flagd schemas go; a keyword it does not know makes it throw. Enough for schemas
 * whose keywords are known: no validator is worth a dependency here.
 */

type Schema = { readonly [keyword: string]: unknown }
type Documents = Readonly<Record<string, Schema>>
type Place = { readonly documents: Documents; readonly document: string }
type Keyword = (operand: never, value: unknown, schema: Schema, place: Place) => boolean

/** Whether a value is valid against one of some documents, which may name each other as `./<name>`. */
export function isValid(documents: Documents, document: string, value: unknown): boolean {
  return passes(documents[document]!, value, { documents, document })
}

function passes(schema: Schema, value: unknown, place: Place): boolean {
  if (typeof schema.$ref === 'string') return follows(schema.$ref, value, place) // siblings of $ref are ignored
  return Object.entries(schema).every(([keyword, operand]) => {
    if (ANNOTATIONS.has(keyword)) return true
    const test = KEYWORDS[keyword]
    if (!test) throw new Error(`"${keyword}" is not a keyword that this validator knows: add it`)
    return test(operand as never, value, schema, place)
  })
}

function follows(reference: string, value: unknown, place: Place): boolean {
  const [file, pointer = ''] = reference.split('#') as [string, string?]
  const document = file === '' ? place.document : file.replace('./', '')
  let schema: unknown = place.documents[document]
  for (const step of pointer.split('/').slice(1)) schema = (schema as Schema)[step]
  return passes(schema as Schema, value, { ...place, document })
}

const ANNOTATIONS = new Set(['$id', '$schema', '$comment', 'title', 'description', 'definitions', 'format'])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: isObject,
}

const matching = (schemas: Schema[], value: unknown, place: Place) =>
  schemas.filter((schema) => passes(schema, value, place)).length
const patterns = ({ patternProperties = {} }: Schema) => Object.keys(patternProperties as Schema)

const compiled = new Map<string, RegExp>()
function matches(pattern: string, name: string): boolean {
  if (!compiled.has(pattern)) compiled.set(pattern, new RegExp(pattern, 'u'))
  return compiled.get(pattern)!.test(name)
}

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $ref: () => true,
  type: (types: string | string[], value) => [types].flat().some((type) => TYPES[type]!(value)),
  const: (given: unknown, value) => value === given,
  enum: (values: unknown[], value) => values.includes(value),
  allOf: (schemas: Schema[], value, _, place) => matching(schemas, value, place) === schemas.length,
  anyOf: (schemas: Schema[], value, _, place) => schemas.some((schema) => passes(schema, value, place)),
  oneOf: (schemas: Schema[], value, _, place) => matching(schemas, value, place) === 1,
  not: (schema: Schema, value, _, place) => !passes(schema, value, place),
  pattern: (pattern: string, value) => typeof value !== 'string' || matches(pattern, value),
  minLength: (limit: number, value) => typeof value !== 'string' || value.length >= limit,
  minimum: (limit: number, value) => typeof value !== 'number' || value >= limit,
  minItems: (limit: number, value) => !Array.isArray(value) || value.length >= limit,
  maxItems: (limit: number, value) => !Array.isArray(value) || value.length <= limit,
  minProperties: (limit: number, value) => !isObject(value) || Object.keys(value).length >= limit,
  required: (names: string[], value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
  items: (items: Schema | Schema[], value, _, place) =>
    !Array.isArray(value) ||
    (Array.isArray(items)
      ? items.every((schema, i) => i >= value.length || passes(schema, value[i], place))
      : value.every((entry) => passes(items, entry, place))),
  additionalItems: (schema: Schema, value, { items }, place) =>
    !Array.isArray(value) ||
    !Array.isArray(items) ||
    value.slice(items.length).every((entry) => passes(schema, entry, place)),
  properties: (schemas: Record<string, Schema>, value, _, place) =>
    !isObject(value) ||
    Object.keys(schemas).every(
      (name) => !Object.hasOwn(value, name) || passes(schemas[name]!, value[name], place),
    ),
  patternProperties: (schemas: Record<string, Schema>, value, _, place) =>
    !isObject(value) ||
    Object.entries(schemas).every(([pattern, schema]) =>
      Object.keys(value).every((name) => !matches(pattern, name) || passes(schema, value[name], place)),
    ),
  additionalProperties: (schema: Schema | false, value, whole, place) =>
    !isObject(value) ||
    Object.keys(value)
      .filter((name) => !Object.hasOwn((whole.properties ?? {}) as Schema, name))
      .filter((name) => !patterns(whole).some((pattern) => matches(pattern, name)))
      .every((name) => schema !== false && passes(schema, value[name], place)),
}
