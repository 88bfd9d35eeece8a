import { ButtonLink } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import type { ListState } from './list-state'

export function NothingFound({ state, clear }: { state: ListState; clear: string }) {
  if (!state.q)
    return (
      <EmptyState title={state.archived ? 'Nothing is archived' : 'There are no flags'}>
        Flags that you archive are kept, with their history.
      </EmptyState>
    )
  if (state.q === 'stale:yes')
    return (
      <EmptyState title="Nothing needs attention">
        Each flag was asked for within the last 30 days, or is younger than that.
      </EmptyState>
    )
  if (state.q === 'owner:me')
    return (
      <EmptyState title="No flag is yours">
        Flags are yours whose owner is your name or your e-mail address: see the settings of a flag.
      </EmptyState>
    )
  return (
    <EmptyState
      title={`No flag matches “${state.q}”`}
      action={<ButtonLink href={clear}>Clear the search</ButtonLink>}
    >
      Names, keys and descriptions are searched. Try fewer letters, or an operator: tag:beta, owner:ana,
      stale:yes.
    </EmptyState>
  )
}

export function Pager({ first, next }: { first: string | null; next: string | null }) {
  if (!first && !next) return null
  return (
    <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
      {first && <ButtonLink href={first}>First page</ButtonLink>}
      {next && <ButtonLink href={next}>Next page</ButtonLink>}
    </nav>
  )
}
