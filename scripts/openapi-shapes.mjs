import { createHash } from 'node:crypto'

// Conditions are in many routes, and nest: each shape is written once, and named by what it says.

const WORTH_A_NAME = 250 // characters; less is told where it is used

const isObject = (value) => typeof value === 'object' && value !== null
const nameOf = (text) => `shape_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`
const refTo = (name) => ({ $ref: `#/components/schemas/${name}` })

/** Schemas of several documents, each part that comes again moved to one place. */
export class Shapes {
  #found = new Map()

  /** A schema whose larger parts are references. What refers to itself has its name from zod. */
  take(schema) {
    const { $defs = {}, ...rest } = schema
    const names = new Map(Object.entries($defs).map(([key, def]) => [key, nameOf(JSON.stringify(def))]))
    const own = (node) => {
      if (Array.isArray(node)) return node.map(own)
      if (!isObject(node)) return node
      const [, key] = /^#\/\$defs\/(.+)$/.exec(node.$ref ?? '') ?? []
      if (key !== undefined) return refTo(names.get(key))
      const inner = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, own(value)]))
      const text = JSON.stringify(inner)
      const isSchema = 'type' in inner || 'anyOf' in inner || 'oneOf' in inner
      return isSchema && text.length > WORTH_A_NAME ? this.#named(nameOf(text), inner) : inner
    }
    for (const [key, def] of Object.entries($defs)) this.#found.set(names.get(key), own(def))
    const top = Object.entries(rest).map(([name, value]) => [name, own(value)])
    return Object.fromEntries(top)
  }

  #named(name, schema) {
    this.#found.set(name, schema)
    return refTo(name)
  }

  /** What the references lead to, by name. */
  all() {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}
