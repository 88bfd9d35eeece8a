/**
 * YAML, as far as the OFREP specification goes: blocks, flow lists of plain words, block text, quoted text. What it does
 * not know makes it throw. Enough for a file whose shape is known: no parser is worth a dependency here.
 */

type Line = { readonly indent: number; readonly text: string }

const SCALARS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  '{}': {},
  '[]': [],
}

function scalar(text: string): unknown {
  if (text in SCALARS) return SCALARS[text]
  if (/^".*"$/.test(text)) return JSON.parse(text)
  if (/^'.*'$/.test(text)) return text.slice(1, -1)
  const list = /^\[(.*)\]$/.exec(text)
  if (list) return list[1]!.split(',').map((item) => scalar(item.trim()))
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (/^[[{&*!>%@`]/.test(text)) throw new Error(`this reader of YAML does not know: ${text}`)
  return text
}

/** The document that a text holds. */
export function readYaml(text: string): unknown {
  const lines: Line[] = text.split('\n').map((line) => ({ indent: line.search(/\S|$/), text: line.trim() }))
  let at = 0
  const skipBlank = () => {
    while (at < lines.length && lines[at]!.text === '') at++
  }

  const blockText = (indent: number): string => {
    const found: string[] = []
    while (at < lines.length && (lines[at]!.text === '' || lines[at]!.indent > indent))
      found.push(lines[at++]!.text)
    return found.join('\n').trim()
  }

  const valueAfter = (rest: string, indent: number): unknown => {
    if (rest === '|') return blockText(indent)
    if (rest !== '') return scalar(rest)
    skipBlank()
    const next = lines[at]
    if (!next || next.indent < indent || (next.indent === indent && !next.text.startsWith('- '))) return null
    return block(next.indent)
  }

  const sequence = (indent: number): unknown[] => {
    const items: unknown[] = []
    for (skipBlank(); lines[at]?.indent === indent && lines[at]!.text.startsWith('- '); skipBlank()) {
      const inner = lines[at]!.text.slice(2).trim()
      const isMapping = /^[\w$"']+:( |$)/.test(inner)
      if (isMapping) {
        lines[at] = { indent: indent + 2, text: inner }
        items.push(block(indent + 2))
      } else {
        at++
        items.push(scalar(inner))
      }
    }
    return items
  }

  const block = (indent: number): unknown => {
    if (lines[at]!.text.startsWith('- ')) return sequence(indent)
    const found: Record<string, unknown> = {}
    for (skipBlank(); lines[at]?.indent === indent && !lines[at]!.text.startsWith('- '); skipBlank()) {
      const entry = /^("[^"]*"|[^:]+(?::[^\s:][^:]*)*):(?: (.*))?$/.exec(lines[at++]!.text)
      if (!entry) throw new Error(`this reader of YAML does not know: ${lines[at - 1]!.text}`)
      const name = entry[1]!.replaceAll('"', '')
      found[name] = valueAfter((entry[2] ?? '').trim(), indent)
    }
    return found
  }

  skipBlank()
  return block(lines[at]!.indent)
}
