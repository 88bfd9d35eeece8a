export type Step = { readonly text: string; readonly table: readonly (readonly string[])[] }

/** One thing to do: a Scenario, or one row of a Scenario Outline. The steps of the Background come first. */
export type Scenario = {
  readonly feature: string
  readonly name: string
  /** With those of the feature and of the examples. */
  readonly tags: readonly string[]
  readonly steps: readonly Step[]
}

type Examples = { tags: string[]; rows: string[][] }
type Block = {
  name: string
  tags: string[]
  steps: { text: string; table: string[][] }[]
  examples: Examples[]
}

const HEADING = /^(Feature|Background|Scenario Outline|Scenario|Examples):\s*(.*)$/
const STEP = /^(?:Given|When|Then|And|But) (.*)$/
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\|': '|', '\\\\': '\\' }

/**
 * Reads the part of Gherkin that the specification's features are written in, and expands outlines.
 * A line that it does not know throws: nothing is passed over.
 */
export function parseFeature(text: string): Scenario[] {
  const blocks: Block[] = []
  let pending: string[] = []
  let rows: string[][] | null = null
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  for (const [at, line] of lines.entries()) {
    const block = blocks.at(-1)
    const [, heading, name = ''] = HEADING.exec(line) ?? []
    const step = STEP.exec(line)?.[1]
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('@')) pending.push(...line.split(/\s+/))
    else if (heading === 'Examples' && block) {
      rows = []
      block.examples.push({ tags: pending, rows })
      pending = []
    } else if (heading) {
      blocks.push({ name, tags: pending, steps: [], examples: [] })
      pending = []
      rows = null
    } else if (step !== undefined && block) {
      rows = []
      block.steps.push({ text: step, table: rows })
    } else if (line.startsWith('|') && rows) rows.push(cellsOf(line))
    else throw new Error(`line ${at + 1} is no Gherkin that is known here: ${line}`)
  }
  const [feature, ...rest] = blocks
  if (!feature || pending.length > 0) throw new Error('it has no Feature, or tags that belong to nothing')
  const background = rest.find(({ name }) => name === '')?.steps ?? []
  return rest.filter(({ name }) => name !== '').flatMap((block) => expand(block, feature, background))
}

function cellsOf(line: string): string[] {
  const cells = line.split(/(?<!\\)\|/).slice(1, -1)
  return cells.map((cell) => cell.trim().replace(/\\[n|\\]/g, (found) => ESCAPES[found]!))
}

function expand(block: Block, feature: Block, background: readonly Step[]): Scenario[] {
  const scenario = (name: string, tags: readonly string[], fill: (text: string) => string): Scenario => ({
    feature: feature.name,
    name,
    tags: [...feature.tags, ...block.tags, ...tags],
    steps: [
      ...background,
      ...block.steps.map(({ text, table }) => ({
        text: fill(text),
        table: table.map((row) => row.map(fill)),
      })),
    ],
  })
  if (block.examples.length === 0) return [scenario(block.name, [], (text) => text)]
  return block.examples.flatMap(({ tags, rows: [names = [], ...rows] }) =>
    rows.map((row) => {
      const values = new Map(names.map((name, column) => [name, row[column]]))
      const fill = (text: string) =>
        text.replace(/<([^<>]+)>/g, (placeholder, name: string) => values.get(name) ?? placeholder)
      return scenario(`${block.name} [${[...tags, ...row].join(' | ')}]`, tags, fill)
    }),
  )
}
