/** What the search box holds, as the list understands it: `tag:beta owner:ana checkout`. */
export type Search = { q?: string; tag?: string; owner?: string }

const OPERATOR = /(?:^|\s)(tag|owner):(\S+)/g

export function parseSearch(text: string): Search {
  const operators = [...text.matchAll(OPERATOR)].map(([, name, value]) => [name!, value!])
  const q = text.replace(OPERATOR, ' ').trim().replace(/\s+/g, ' ')
  return { ...(q && { q }), ...Object.fromEntries(operators) }
}
