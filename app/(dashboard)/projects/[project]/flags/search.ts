/** What the search box holds, as the list understands it: `tag:beta env:production is:on owner:"Ana Lima" checkout`. */
export type Search = {
  q?: string
  tag?: string
  owner?: string
  mine?: true
  stale?: string
  environment?: string
  is?: 'on' | 'off' | 'killed'
}

const OPERATOR =
  /(?:^|\s)(?:(tag|owner|env):(?:"([^"]+)"|(\S+))|(stale):(yes|no)(?=\s|$)|(is):(on|off|killed)(?=\s|$))/g

export function parseSearch(text: string): Search {
  const operators = [...text.matchAll(OPERATOR)].map(([, named, quoted, value, stale, answer, is, state]) => {
    const name = named ?? stale ?? is!
    const given = quoted ?? value ?? answer ?? state!
    if (name === 'owner' && given === 'me') return ['mine', true]
    return [name === 'env' ? 'environment' : name, given]
  })
  const q = text.replace(OPERATOR, ' ').trim().replace(/\s+/g, ' ')
  return { ...(q && { q }), ...Object.fromEntries(operators) }
}
