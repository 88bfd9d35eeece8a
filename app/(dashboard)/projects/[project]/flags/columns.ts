import type { EnvironmentView } from '@/lib/control/views'

/** A column that can be shown or not. The flag itself always is. */
export type Column = { id: string; label: string; environment?: EnvironmentView }

/** All there are, in their order. */
export const columnsOf = (environments: readonly EnvironmentView[]): Column[] => [
  { id: 'type', label: 'Type' },
  ...environments.map((environment) => ({
    id: `in:${environment.key}`,
    label: environment.name,
    environment,
  })),
  { id: 'evaluated', label: 'Last evaluated' },
  { id: 'tags', label: 'Tags' },
  { id: 'owner', label: 'Owner' },
]

/** Those of them that an address names; null: all. */
export const shownOf = (all: readonly Column[], named: readonly string[] | null): Column[] =>
  all.filter(({ id }) => named === null || named.includes(id))
