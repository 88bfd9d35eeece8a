// Conditions are in many routes, and nest: what has a title in its schema is written once, under that name.

const isObject = (value) => typeof value === 'object' && value !== null
const refTo = (name) => ({ $ref: `#/components/schemas/${name}` })

/** What zod says of any JSON is long, and says no more than this. */
const ANY_JSON = { description: 'Any JSON.' }

/** Schemas of several documents, each part that has a title moved to one place. */
export class Shapes {
  #found = new Map()

  take({ $defs = {}, ...schema }) {
    const own = (node) => {
      if (Array.isArray(node)) return node.map(own)
      if (!isObject(node)) return node
      if (node.title === 'AnyJson') return ANY_JSON
      const [, key] = /^#\/\$defs\/(.+)$/.exec(node.$ref ?? '') ?? []
      if (key !== undefined) return own($defs[key])
      const { title, ...rest } = node
      if (typeof title !== 'string')
        return Object.fromEntries(entriesOf(node).map(([name, value]) => [name, own(value)]))
      if (!this.#found.has(title)) {
        this.#found.set(title, {}) // keeps its place: what is in it may refer to it
        this.#found.set(title, own(rest))
      }
      return refTo(title)
    }
    return own(schema)
  }

  /** What the references lead to, by name. */
  all() {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** The pattern of an instant is long, and its format says as much. */
const entriesOf = (node) =>
  Object.entries(node).filter(([name]) => name !== 'pattern' || node.format !== 'date-time')
