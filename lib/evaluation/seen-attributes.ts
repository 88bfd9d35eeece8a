/** An attribute of evaluation contexts: its path and the kind of its value, never the value. */
export type SeenAttribute = {
  readonly name: string
  readonly type: 'string' | 'number' | 'boolean' | 'date' | 'list'
}

const MOST = 100 // different ones, a batch
const MOST_CONTEXTS = 50 // looked at, a batch
const MOST_CHARS = 200 // of a path
const MOST_LEVELS = 3
const TOLD_AGAIN = 60 // batches: about an hour

/** Which attributes applications pass, so that whoever writes a rule is offered them. */
export class SeenAttributes {
  #seen = new Map<string, SeenAttribute>()
  #told = new Set<string>()
  #contexts = 0
  #batches = 0

  /** Looks at a context. Never throws, whatever it is. */
  look(context: object): void {
    if (this.#contexts++ >= MOST_CONTEXTS) return
    try {
      this.#walk(context, '', 1)
    } catch {
      // a proxy or a getter of the application's: what it hides is not seen
    }
  }

  /** What was not told before, or long ago. */
  take(): readonly SeenAttribute[] {
    if (this.#batches++ % TOLD_AGAIN === 0) this.#told.clear()
    const fresh = [...this.#seen].filter(([key]) => !this.#told.has(key))
    for (const [key] of fresh) this.#told.add(key)
    this.#seen = new Map()
    this.#contexts = 0
    return fresh.map(([, attribute]) => attribute)
  }

  #walk(fields: object, before: string, level: number): void {
    for (const [key, value] of Object.entries(fields)) {
      const name = before + key
      if (name === 'targetingKey' || name.length > MOST_CHARS || this.#seen.size >= MOST) continue
      const type = typeOf(value)
      if (type) this.#seen.set(`${type} ${name}`, { name, type })
      else if (level < MOST_LEVELS && typeof value === 'object' && value !== null)
        this.#walk(value, `${name}.`, level + 1)
    }
  }
}

function typeOf(value: unknown): SeenAttribute['type'] | null {
  const type = typeof value
  if (type === 'string' || type === 'number' || type === 'boolean') return type
  if (Array.isArray(value)) return 'list'
  return value instanceof Date ? 'date' : null
}
