const MAX_DEPTH = 40 // far beyond any document of the API; deep nesting is an attack on parsers

/** The index after a string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i + 1
}

const COLON = /\s*:/y
function isKey(text: string, end: number): boolean {
  COLON.lastIndex = end
  return COLON.test(text)
}

/**
 * What parsers let pass though nobody can mean it: depth without end, and one key twice, where the one who reviewed
 * the request may have read another value than the one that counts. Null when there is nothing of that kind.
 *
 * @throws SyntaxError where a key is no JSON string
 */
export function scanJson(text: string): string | null {
  const open: (Set<string> | null)[] = [] // the keys of each object so far; null for a list
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '{' || char === '[') {
      if (open.push(char === '{' ? new Set() : null) > MAX_DEPTH)
        return `the JSON is nested deeper than ${MAX_DEPTH} levels`
    } else if (char === '}' || char === ']') open.pop()
    else if (char === '"') {
      const end = endOfString(text, i)
      const keys = open.at(-1)
      if (keys && isKey(text, end)) {
        const key = JSON.parse(text.slice(i, end)) as string
        if (keys.has(key)) return `the JSON has the key "${key.slice(0, 100)}" twice in one object`
        keys.add(key)
      }
      i = end - 1
    }
  }
  return null
}
