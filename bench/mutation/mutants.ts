import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomFrom } from '../../tests/support/random'
import { type Edit, operators } from './operators'
import { type Node, Syntax } from './syntax'

export const SOURCES = 'lib/evaluation'

export type Mutant = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly operator: string
  readonly from: string
  readonly to: string
  /** The whole file, changed. */
  readonly text: string
}

export type Population = {
  readonly mutants: readonly Mutant[]
  /** How many a rule leaves out, by the rule. */
  readonly excluded: Readonly<Record<string, number>>
}

/** The engine: all of it but its types, which are gone at run time, and the list of what it exports. */
export function sourceFiles(root: string): string[] {
  return readdirSync(join(root, SOURCES))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => name !== 'types.ts' && name !== 'index.ts')
    .map((name) => `${SOURCES}/${name}`)
    .sort()
}

const TEXTS = ['StringLiteral', 'TemplateLiteral']
const TAKES_A_MESSAGE = ['fault', 'must', 'Error', 'SyntaxError']
const MESSAGES = `the text of a message: an argument of ${TAKES_A_MESSAGE.map((name) => `${name}()`).join(', ')}`

/** A text that is itself an argument, or a branch of one: not what a predicate among the arguments compares with. */
function isMessage(node: Node, syntax: Syntax): boolean {
  if (!TEXTS.includes(node.type)) return false
  let at = node.parent
  while (at?.type === 'ConditionalExpression') at = at.parent
  const callee =
    at && (at.type === 'CallExpression' || at.type === 'NewExpression') && syntax.child(at, 'callee')
  return callee ? TAKES_A_MESSAGE.includes(syntax.textOf(callee)) : false
}

/** All that the operators make of some files, each change once. */
export function mutantsOf(root: string, files: readonly string[]): Population {
  const mutants: Mutant[] = []
  let messages = 0
  for (const file of files) {
    const syntax = new Syntax(readFileSync(join(root, file), 'utf8'))
    const seen = new Set<string>()
    for (const node of syntax.nodes) {
      for (const { operator, edit } of editsOf(node, syntax)) {
        const text = syntax.replaced(edit, edit.by)
        if (text === syntax.text || seen.has(text)) continue
        seen.add(text)
        if (isMessage(node, syntax)) messages++
        else {
          const { start, end, by } = edit
          const from = oneLine(syntax.textOf({ start, end }))
          mutants.push({ file, ...syntax.positionOf(edit), operator, from, to: oneLine(by), text })
        }
      }
    }
  }
  return { mutants, excluded: { [MESSAGES]: messages } }
}

/** As many as are wanted, each as likely as any other, in the order they are drawn. */
export function sampled(mutants: readonly Mutant[], size: number, seed: number): readonly Mutant[] {
  const random = randomFrom(seed)
  const left = [...mutants]
  return Array.from({ length: Math.min(size, left.length) }, () => {
    const at = random.below(left.length)
    const mutant = left[at]!
    left[at] = left.at(-1)!
    left.pop()
    return mutant
  })
}

function editsOf(node: Node, syntax: Syntax): { operator: string; edit: Edit }[] {
  return Object.entries(operators).flatMap(([operator, { on, mutate }]) =>
    on.includes(node.type) ? mutate(node, syntax).map((edit) => ({ operator, edit })) : [],
  )
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
