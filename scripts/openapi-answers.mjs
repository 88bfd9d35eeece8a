import { join } from 'node:path'
import ts from 'typescript-api'
import { ROOT } from './prepare.mjs'

// What operations answer with, as their types say it: no second description that could differ.

const ENTRY = join(ROOT, 'openapi-answers.ts') // in memory alone
const { TypeFlags, SymbolFlags } = ts

/** A program whose entry declares `a0`, `a1`, ... as the answers of the routes, in their order. */
function programOf(routes) {
  const imports = routes.map(({ name, from }, i) => `import type { ${name} as r${i} } from '${from}'`)
  const answers = routes.map((_, i) => `export declare const a${i}: Awaited<ReturnType<typeof r${i}>>`)
  const text = [...imports, ...answers].join('\n')
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = (file) => file === ENTRY || fileExists(file)
  host.getSourceFile = (file, ...rest) =>
    file === ENTRY ? ts.createSourceFile(file, text, ...rest) : getSourceFile(file, ...rest)
  return ts.createProgram([ENTRY], { ...options, incremental: false }, host)
}

/** JSON Schemas of types. What has a name in the code has it here, and is told once. */
class Schemas {
  named = {}
  #names = new Map()

  constructor(checker) {
    this.checker = checker
  }

  of(type) {
    const symbol = this.#nameable(type)
    if (!symbol) return this.inFull(type)
    if (symbol.name === 'JsonValue') return { description: 'Any JSON.' }
    if (!this.#names.has(symbol)) {
      const name = Object.hasOwn(this.named, symbol.name) ? `${symbol.name}_${this.#names.size}` : symbol.name
      this.#names.set(symbol, name)
      this.named[name] = {} // keeps its place: what is in it may refer to it
      this.named[name] = { ...this.inFull(type), ...described(symbol, this.checker) }
    }
    return { $ref: `#/components/schemas/${this.#names.get(symbol)}` }
  }

  /** The name of a type of ours that takes no parameters. */
  #nameable(type) {
    if (type.aliasTypeArguments?.length > 0) return null
    const symbol = type.aliasSymbol ?? (type.isClassOrInterface() ? type.symbol : null)
    const [declaration] = symbol?.declarations ?? []
    const isOurs = declaration && !declaration.getSourceFile().fileName.includes('node_modules')
    return isOurs && type.flags & (TypeFlags.Object | TypeFlags.Union | TypeFlags.Intersection)
      ? symbol
      : null
  }

  /** Without a name of its own. */
  inFull(type) {
    const { flags } = type
    if (flags & (TypeFlags.Any | TypeFlags.Unknown)) return {}
    if (flags & TypeFlags.Null) return { type: 'null' }
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value }
    if (flags & TypeFlags.BooleanLiteral) return { const: type.intrinsicName === 'true' }
    if (flags & TypeFlags.StringLike) return { type: 'string' }
    if (flags & TypeFlags.NumberLike) return { type: 'number' }
    if (flags & TypeFlags.Boolean) return { type: 'boolean' }
    if (type.isUnion()) return this.#oneOf(type.types)
    if (type.symbol?.name === 'Date') return { type: 'string', format: 'date-time' }
    if (this.checker.isTupleType(type)) return this.#list(type)
    if (this.checker.isArrayType(type))
      return { type: 'array', items: this.of(this.checker.getTypeArguments(type)[0]) }
    if (flags & (TypeFlags.Object | TypeFlags.Intersection)) return this.#object(type)
    throw new Error(`no schema says ${this.checker.typeToString(type)}`)
  }

  #list(type) {
    const items = this.checker.getTypeArguments(type).map((item) => this.of(item))
    return { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length }
  }

  #oneOf(types) {
    const kinds = types.filter(({ flags }) => !(flags & TypeFlags.Undefined))
    const schemas = kinds.map((kind) => this.of(kind))
    const values = schemas.flatMap((schema) => ('const' in schema ? [schema.const] : []))
    const others = schemas.filter((schema) => !('const' in schema))
    const isEither = values.includes(true) && values.includes(false)
    const rest = isEither ? values.filter((value) => typeof value !== 'boolean') : values
    const all = [
      ...(isEither ? [{ type: 'boolean' }] : []),
      ...(rest.length > 1 ? [{ enum: rest }] : rest.map((value) => ({ const: value }))),
      ...others,
    ]
    if (all.length === 1) return all[0]
    const isPlain = all.every((schema) => Object.keys(schema).join() === 'type')
    return isPlain ? { type: all.map(({ type }) => type).sort(nullLast) } : { anyOf: all }
  }

  #object(type) {
    const properties = {}
    const required = []
    for (const symbol of this.checker.getPropertiesOfType(type)) {
      const kind = this.checker.getTypeOfSymbol(symbol)
      if (kind.flags & TypeFlags.Undefined) continue
      properties[symbol.name] = { ...this.of(kind), ...described(symbol, this.checker) }
      const isOptional = symbol.flags & SymbolFlags.Optional || mayBeUndefined(kind)
      if (!isOptional) required.push(symbol.name)
    }
    const rest = this.checker.getIndexTypeOfType(type, ts.IndexKind.String)
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(rest && { additionalProperties: this.of(rest) }),
    }
  }
}

const nullLast = (a, b) => Number(a === 'null') - Number(b === 'null')

const mayBeUndefined = (type) => type.isUnion() && type.types.some(({ flags }) => flags & TypeFlags.Undefined)

function described(symbol, checker) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker))
  return text === '' ? {} : { description: text }
}

/**
 * For each route the schema of its answer, or null where it has nothing to say, and whether that may be so; and the
 * schemas that these refer to by name.
 */
export function answersOf(routes) {
  const program = programOf(routes)
  const checker = program.getTypeChecker()
  const schemas = new Schemas(checker)
  const declared = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(ENTRY)))
  const answers = declared.map((symbol, i) => {
    const { name, hidden } = routes[i]
    const type = checker.getTypeOfSymbol(symbol)
    const told = checker.getNonNullableType(type)
    if (type.flags & TypeFlags.Any) throw new Error(`${name} has no type of an answer`)
    const isSilent = (told.flags & TypeFlags.Never) !== 0
    const schemaOf = () => (hidden.length > 0 ? without(schemas.inFull(told), hidden) : schemas.of(told))
    return { schema: isSilent ? null : schemaOf(), maySayNothing: told !== type }
  })
  return { answers, named: schemas.named }
}

/** What goes into a cookie is not in the body. */
function without(schema, hidden) {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !hidden.includes(name)),
  )
  return { ...schema, properties, required: schema.required?.filter((name) => !hidden.includes(name)) }
}
