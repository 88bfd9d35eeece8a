/** What the search box holds, as the list understands it: `tag:beta owner:ana stale:yes checkout`. */
export type Search = { q?: string; tag?: string; owner?: string; stale?: string }

const OPERATOR = /(?:^|\s)(?:(tag|owner):(\S+)|(stale):(yes|no)(?=\s|$))/g

export function parseSearch(text: string): Search {
  const operators = [...text.matchAll(OPERATOR)].map(([, name, value, stale, answer]) => [
    (name ?? stale)!,
    (value ?? answer)!,
  ])
  const q = text.replace(OPERATOR, ' ').trim().replace(/\s+/g, ' ')
  return { ...(q && { q }), ...Object.fromEntries(operators) }
}
