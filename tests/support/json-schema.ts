type Schema =
  | boolean
  | {
      readonly $ref?: string
      readonly type?: string | readonly string[]
      readonly const?: unknown
      readonly enum?: readonly unknown[]
      readonly pattern?: string
      readonly minLength?: number
      readonly minItems?: number
      readonly minProperties?: number
      readonly required?: readonly string[]
      readonly properties?: Readonly<Record<string, Schema>>
      readonly additionalProperties?: Schema
      readonly items?: Schema
      readonly if?: Schema
      readonly then?: Schema
      readonly else?: Schema
    }

const KNOWN = new Set(
  `$schema $defs title description format $ref type const enum pattern minLength minItems minProperties required
  properties additionalProperties items if then else`.split(/\s+/),
)

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** What a value breaks of a schema, as `path: rule`: the part of JSON Schema that ours use, and no more of it. */
export function schemaFaults(root: Schema, value: unknown): string[] {
  const resolve = (ref: string): Schema =>
    ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], root) as Schema

  const check = (schema: Schema, value: unknown, path: string): string[] => {
    if (typeof schema === 'boolean') return schema ? [] : [`${path}: must not be there`]
    const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword))
    if (unknown.length > 0) throw new Error(`${path}: this checker does not know ${unknown.join(', ')}`)
    const faults = schema.$ref === undefined ? [] : check(resolve(schema.$ref), value, path)
    const must = (rule: string, holds: boolean) => holds || faults.push(`${path}: ${rule}`)

    if (schema.type !== undefined)
      must(`is of type ${schema.type}`, [schema.type].flat().includes(typeOf(value)))
    if (schema.const !== undefined) must(`is ${schema.const}`, value === schema.const)
    if (schema.enum) must(`is one of ${schema.enum}`, schema.enum.includes(value))
    if (typeof value === 'string') {
      if (schema.pattern) must(`matches ${schema.pattern}`, new RegExp(schema.pattern, 'u').test(value))
      must('is long enough', value.length >= (schema.minLength ?? 0))
    }
    if (Array.isArray(value)) {
      must('has enough entries', value.length >= (schema.minItems ?? 0))
      for (const [i, item] of value.entries())
        faults.push(...check(schema.items ?? true, item, `${path}[${i}]`))
    } else if (typeof value === 'object' && value !== null) {
      const { properties = {}, additionalProperties = true, required = [] } = schema
      must('has enough properties', Object.keys(value).length >= (schema.minProperties ?? 0))
      for (const name of required) must(`has "${name}"`, Object.hasOwn(value, name))
      for (const [name, inner] of Object.entries(value)) {
        const of = Object.hasOwn(properties, name) ? properties[name]! : additionalProperties
        faults.push(...check(of, inner, `${path}.${name}`))
      }
    }
    if (schema.if !== undefined) {
      const branch = check(schema.if, value, path).length === 0 ? schema.then : schema.else
      faults.push(...check(branch ?? true, value, path))
    }
    return faults
  }
  return check(root, value, '$')
}
