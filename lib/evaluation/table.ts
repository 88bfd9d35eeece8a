import { copyRecord, own } from './records'

type Values<T> = Readonly<Record<string, T>>
type Edits<T> = Map<string, T | undefined>

/**
 * A record by key in one of its versions. A new version shares everything with the one before and costs no more than
 * its changes: the newest holds the edits, older ones know what to undo. The record it was made of is never written to.
 *
 * @example
 * const before = Table.of({ a: 1 })
 * const after = before.with([['b', 2]])
 * before.get('b') // undefined
 */
export class Table<T> {
  readonly #base: Values<T>
  /** Only the newest version has them; `undefined` removes a key. */
  #edits: Edits<T> | null
  #newer: Table<T> | null = null
  /** What the newer version changed, as it was in this one. */
  #undo: Edits<T> | null = null

  private constructor(
    base: Values<T>,
    edits: Edits<T>,
    readonly size: number,
  ) {
    this.#base = base
    this.#edits = edits
  }

  static of<T>(record: Values<T>): Table<T> {
    return new Table(record, new Map(), Object.keys(record).length)
  }

  get(key: string): T | undefined {
    for (let version: Table<T> = this; ; version = version.#newer!) {
      const edits = version.#edits ?? version.#undo!
      if (edits.size > 0 && edits.has(key)) return edits.get(key)
      if (version.#edits) return own(this.#base, key)
    }
  }

  keys(): string[] {
    const keys = new Set(Object.keys(this.#base))
    for (let version: Table<T> | null = this; version; version = version.#newer)
      for (const key of (version.#edits ?? version.#undo!).keys()) keys.add(key)
    return [...keys].filter((key) => this.get(key) !== undefined)
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
      if (value === undefined && own(this.#base, key) === undefined) edits.delete(key)
      else edits.set(key, value)
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
    if (this.#edits?.size === 0) return copyRecord(this.#base)
    return copyRecord(Object.fromEntries(this.keys().map((key) => [key, this.get(key)!])))
  }
}
