const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const SPACE = 0x20

/**
 * Finds the members of JSON objects without building their values: a config of thousands of flags is cut into texts,
 * and each is parsed when it is needed. What is inside a value is not looked at beyond its brackets and strings. Throws
 * a `SyntaxError` where the text ends too early or an object is none.
 *
 * @example
 * const scanner = new JsonScanner('{"a": 1, "b": [2]}')
 * scanner.members((name) => console.log(name, scanner.value())) // a 1, then b [2]
 */
export class JsonScanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtObject(): boolean {
    return this.#skipSpace() === OPEN_OBJECT
  }

  /** Visits the object at hand, name by name. Each visit takes the value: by `value`, or by `members` again. */
  members(visit: (name: string) => void): void {
    this.#take(OPEN_OBJECT)
    if (this.#skipSpace() === CLOSE_OBJECT) {
      this.#at++
      return
    }
    for (;;) {
      const name = this.#name()
      this.#take(COLON)
      this.#skipSpace()
      visit(name)
      if (this.#skipSpace() === COMMA) {
        this.#at++
        continue
      }
      this.#take(CLOSE_OBJECT)
      return
    }
  }

  /** The text of the value at hand. */
  value(): string {
    const text = this.#text
    const start = this.#at
    let depth = 0
    for (; this.#at < text.length; this.#at++) {
      const unit = text.charCodeAt(this.#at)
      if (unit === QUOTE) this.#skipString()
      else if (unit === OPEN_OBJECT || unit === OPEN_LIST) depth++
      else if (unit === COMMA && depth === 0) break
      else if (unit === CLOSE_OBJECT || unit === CLOSE_LIST) {
        if (depth === 0) break
        depth--
      }
    }
    return text.slice(start, this.#at).trimEnd()
  }

  /** Makes sure that nothing follows. */
  end(): void {
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#unexpected()
  }

  #name(): string {
    this.#skipSpace()
    const start = this.#at
    if (this.#text.charCodeAt(start) !== QUOTE) throw this.#unexpected()
    this.#skipString()
    this.#at++
    const quoted = this.#text.slice(start, this.#at)
    return quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1)
  }

  /** From a quote to the one that ends the string. */
  #skipString(): void {
    const text = this.#text
    let at = this.#at + 1
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit === QUOTE) break
      if (unit === BACKSLASH) at++
    }
    this.#at = at
    if (at >= text.length) throw this.#unexpected()
  }

  #take(expected: number): void {
    if (this.#skipSpace() !== expected) throw this.#unexpected()
    this.#at++
  }

  /** The first character that is no white space. */
  #skipSpace(): number {
    while (this.#text.charCodeAt(this.#at) <= SPACE) this.#at++
    return this.#text.charCodeAt(this.#at)
  }

  #unexpected(): SyntaxError {
    const at = this.#at
    return new SyntaxError(
      at < this.#text.length ? `unexpected "${this.#text[at]}" at ${at}` : 'the text ends too early',
    )
  }
}
