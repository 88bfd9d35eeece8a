/** What the search box holds, as the list understands it: `tag:beta owner:"Ana Lima" stale:yes checkout`. */
export type Search = { q?: string; tag?: string; owner?: string; mine?: true; stale?: string }

const OPERATOR = /(?:^|\s)(?:(tag|owner):(?:"([^"]+)"|(\S+))|(stale):(yes|no)(?=\s|$))/g

export function parseSearch(text: string): Search {
  const operators = [...text.matchAll(OPERATOR)].map(([, name, quoted, value, stale, answer]) => {
    const given = quoted ?? value ?? answer!
    return name === 'owner' && given === 'me' ? ['mine', true] : [name ?? stale!, given]
  })
  const q = text.replace(OPERATOR, ' ').trim().replace(/\s+/g, ' ')
  return { ...(q && { q }), ...Object.fromEntries(operators) }
}
