import { copyRecord, own } from './records'
import { sameJson } from './values'

type Edits<T> = Map<string, T | undefined>

/** What a table starts from. Never written to. */
type Base<T> = {
  readonly size: number
  readonly get: (key: string) => T | undefined
  readonly keys: () => Iterable<string>
  /** The value as JSON, where it is kept as such. */
  readonly text: (key: string) => string | undefined
}

/**
 * A record by key in one of its versions. A new version shares everything with the one before and costs no more than
 * its changes: the newest holds the edits, older ones know what to undo.
 *
 * @example
 * const before = Table.of({ a: 1 })
 * const after = before.with([['b', 2]])
 * before.get('b') // undefined
 */
export class Table<T> {
  readonly #base: Base<T>
  /** Only the newest version has them; `undefined` removes a key. */
  #edits: Edits<T> | null
  #newer: Table<T> | null = null
  /** What the newer version changed, as it was in this one. */
  #undo: Edits<T> | null = null

  private constructor(
    base: Base<T>,
    edits: Edits<T>,
    readonly size: number,
  ) {
    this.#base = base
    this.#edits = edits
  }

  static of<T>(record: Readonly<Record<string, T>>): Table<T> {
    const keys = Object.keys(record).filter((key) => record[key] !== undefined)
    const base: Base<T> = {
      size: keys.length,
      get: (key) => own(record, key),
      keys: () => keys,
      text: () => undefined,
    }
    return new Table(base, new Map(), base.size)
  }

  /** Of values as JSON, each parsed when it is asked for. One that is no JSON is given back as its text. */
  static ofTexts<T>(texts: ReadonlyMap<string, string>): Table<T> {
    const base: Base<T> = {
      size: texts.size,
      get: (key) => parsed(texts.get(key)) as T | undefined,
      keys: () => texts.keys(),
      text: (key) => texts.get(key),
    }
    return new Table(base, new Map(), base.size)
  }

  get(key: string): T | undefined {
    const edits = this.#editsOf(key)
    return edits ? edits.get(key) : this.#base.get(key)
  }

  keys(): string[] {
    const edited = new Set<string>()
    for (let version: Table<T> | null = this; version; version = version.#newer)
      for (const key of (version.#edits ?? version.#undo!).keys()) edited.add(key)
    const keys = [...this.#base.keys()]
    if (edited.size === 0) return keys
    return [...new Set([...keys, ...edited])].filter((key) => !edited.has(key) || this.has(key))
  }

  has(key: string): boolean {
    const edits = this.#editsOf(key)
    if (edits) return edits.get(key) !== undefined
    return (this.#base.text(key) ?? this.#base.get(key)) !== undefined
  }

  /** Whether a value can hold what a pattern finds in its JSON, told without parsing it. */
  mayMention(key: string, pattern: RegExp): boolean {
    const json = this.#text(key)
    return json === undefined || pattern.test(json)
  }

  /** Whether a later version, or any other table, has the same value for a key. */
  agrees(other: Table<T>, key: string): boolean {
    const json = this.#text(key)
    return (json !== undefined && json === other.#text(key)) || sameJson(this.get(key), other.get(key))
  }

  /** The version after this one: `undefined` removes a key. */
  with(changes: readonly (readonly [string, T | undefined])[]): Table<T> {
    if (changes.length === 0) return this
    if (!this.#edits) return Table.of(this.record()).with(changes)
    const edits = this.#edits
    const undo: Edits<T> = new Map()
    let size = this.size
    for (const [key, value] of changes) {
      const known = this.get(key)
      if (!undo.has(key)) undo.set(key, known)
      size += Number(value !== undefined) - Number(known !== undefined)
      edits.set(key, value)
    }
    const next = new Table(this.#base, edits, size)
    this.#edits = null
    this.#undo = undo
    this.#newer = next
    return next
  }

  /** The keys whose values may differ in a later version of this table; all that either has where it is not one. */
  keysChangedIn(later: Table<T>): Iterable<string> {
    const changed = new Set<string>()
    for (let version: Table<T> | null = this; version; version = version.#newer) {
      if (version === later) return changed
      if (version.#undo) for (const key of version.#undo.keys()) changed.add(key)
    }
    return new Set([...this.keys(), ...later.keys()])
  }

  record(): Record<string, T> {
    return copyRecord(Object.fromEntries(this.keys().map((key) => [key, this.get(key)!])))
  }

  /** Every value as JSON. */
  texts(): [key: string, json: string][] {
    return this.keys().map((key) => [key, this.#text(key) ?? JSON.stringify(this.get(key))])
  }

  /** The edits, of this version or a newer one, that know what this version has for a key. */
  #editsOf(key: string): Edits<T> | null {
    for (let version: Table<T> | null = this; version; version = version.#newer) {
      const edits = version.#edits ?? version.#undo!
      if (edits.size > 0 && edits.has(key)) return edits
    }
    return null
  }

  #text(key: string): string | undefined {
    return this.#editsOf(key) ? undefined : this.#base.text(key)
  }
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
