import type { StoredRule, Targeting } from '@/lib/control/views'

const said = ({ id: _, ...rule }: StoredRule) => JSON.stringify(rule)

/** The rules of another environment; one that stands here already, word for word, keeps the id that it has here. */
function rulesFrom(there: readonly StoredRule[], here: readonly StoredRule[]): StoredRule[] {
  const taken = new Set(there.map(({ id }) => id))
  const free = here.filter(({ id }) => !taken.has(id))
  return there.map((rule) => {
    if (here.some(({ id }) => id === rule.id)) return rule
    const at = free.findIndex((candidate) => said(candidate) === said(rule))
    return at === -1 ? rule : { ...rule, id: free.splice(at, 1)[0]!.id }
  })
}

/** What a flag does here once it does as it does there. */
export const promoted = (there: Targeting, here: Targeting): Targeting => ({
  ...there,
  rules: rulesFrom(there.rules, here.rules),
})
