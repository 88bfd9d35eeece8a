import { parseSync } from '@swc/core'

/** A node of the syntax tree, as far as mutants look at it. Offsets are bytes of the text. */
export type Node = {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly parent: Node | null
  readonly fields: Readonly<Record<string, unknown>>
}

type Raw = { readonly type: string; readonly span: { readonly start: number; readonly end: number } }

/** Where an expression wears a type, only the expression is looked at; everything else of TypeScript is gone at run time. */
const WORN = ['TsAsExpression', 'TsSatisfiesExpression', 'TsConstAssertion', 'TsNonNullExpression']

/** Of these, only what has an effect at run time. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(WORN.map((type) => [type, ['expression']])),
  TsParameterProperty: ['param'],
  ImportDeclaration: [],
  ExportNamedDeclaration: [],
  KeyValueProperty: ['value'],
}

export class Syntax {
  readonly nodes: readonly Node[]
  readonly #bytes: Buffer
  readonly #base: number

  constructor(readonly text: string) {
    // The parser counts on from what it parsed before: an empty statement in front says where this text begins.
    const { body } = parseSync(`;${text}`, { syntax: 'typescript', target: 'es2022' })
    const [mark, ...rest] = body as unknown as readonly [Raw, ...Raw[]]
    this.#bytes = Buffer.from(text)
    this.#base = mark.span.start + 1
    this.nodes = [...this.#within(rest, null)]
  }

  textOf({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.#bytes.toString('utf8', start, end)
  }

  /** The text with one part of it replaced. */
  replaced({ start, end }: { readonly start: number; readonly end: number }, by: string): string {
    return this.textOf({ start: 0, end: start }) + by + this.textOf({ start: end, end: this.#bytes.length })
  }

  positionOf({ start }: { readonly start: number }): { line: number; column: number } {
    const lines = this.textOf({ start: 0, end: start }).split('\n')
    return { line: lines.length, column: lines.at(-1)!.length + 1 }
  }

  /** A part of a node that is a node itself. */
  child(node: Node, field: string): Node | null {
    const raw = node.fields[field]
    return isRaw(raw) ? this.#nodeOf(raw, node) : null
  }

  *#within(value: unknown, parent: Node | null): Iterable<Node> {
    if (Array.isArray(value)) for (const entry of value) yield* this.#within(entry, parent)
    else if (isRaw(value)) {
      if (value.type.startsWith('Ts') && !(value.type in ONLY)) return
      const node = this.#nodeOf(value, parent)
      yield node
      for (const field of ONLY[value.type] ?? Object.keys(value))
        yield* this.#within(node.fields[field], node)
    } else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) yield* this.#within(inner, parent)
    }
  }

  #nodeOf(raw: Raw, parent: Node | null): Node {
    const { type, span, ...fields } = raw
    return { type, start: span.start - this.#base, end: span.end - this.#base, parent, fields }
  }
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && 'type' in value && 'span' in value
}
