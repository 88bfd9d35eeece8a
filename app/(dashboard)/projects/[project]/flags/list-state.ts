import { withQuery } from '@/lib/paths'

export const orders = [
  { value: 'key', label: 'Key' },
  { value: 'name', label: 'Name' },
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'evaluated', label: 'Evaluated last' },
  { value: 'silent', label: 'Silent the longest' },
] as const

export type Order = (typeof orders)[number]['value']

/** What the list shows. All of it stands in the address. */
export type ListState = {
  q: string
  archived: boolean
  sort: Order
  /** Ids of columns; null: all. */
  columns: readonly string[] | null
  cursor: string | null
  /** The view that it began as; null: all flags. */
  view: string | null
}

type Given = Readonly<Record<string, string | string[] | undefined>>

const one = (value: string | string[] | undefined) =>
  typeof value === 'string' && value !== '' ? value : null

export function readState(given: Given): ListState {
  const sort = orders.find(({ value }) => value === one(given.sort))?.value
  return {
    q: one(given.q)?.slice(0, 200) ?? '',
    archived: given.archived === 'yes',
    sort: sort ?? 'key',
    columns: one(given.columns)?.split(',') ?? null,
    cursor: one(given.cursor),
    view: one(given.view),
  }
}

/** What a view keeps of it, the same for the same list. */
export function queryOf({ q, archived, sort, columns }: ListState): string {
  const query = {
    q,
    archived: archived ? 'yes' : undefined,
    sort: sort === 'key' ? undefined : sort,
    columns: columns?.join(','),
  }
  return withQuery('', query).slice(1)
}

/** The query of an address: an earlier page is left where the list becomes another one. */
export const addressOf = (path: string, state: ListState): string => {
  const [view, cursor] = [state.view ?? undefined, state.cursor ?? undefined]
  const rest = withQuery('', { view, cursor }).slice(1)
  const query = [queryOf(state), rest].filter(Boolean).join('&')
  return query === '' ? path : `${path}?${query}`
}

/** A view as the list understands it. */
export const stateOfView = ({ id, query }: { id: string; query: string }): ListState => ({
  ...readState(Object.fromEntries(new URLSearchParams(query))),
  cursor: null,
  view: id,
})

/** Views that everybody has, in every project. */
export const givenViews = [
  { id: 'all', name: 'All', query: '' },
  { id: 'stale', name: 'Needs attention', query: 'q=stale%3Ayes' },
  { id: 'mine', name: 'Mine', query: 'q=owner%3Ame' },
] as const
