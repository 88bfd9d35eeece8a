'use client'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Targeting, TargetingView } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { rebase } from './rebase'

type Draft = {
  /** What was published when the draft was begun, and its version. */
  base: Targeting
  version: number
  mine: Targeting
}

export function targetingOf(view: Targeting): Targeting {
  const { on, offVariant, prerequisites, targets, rules, fallthrough } = view
  return { on, offVariant, prerequisites, targets, rules, fallthrough }
}

const CHANGED = 'jackstaff:draft'

function subscribe(listen: () => void) {
  window.addEventListener(CHANGED, listen)
  return () => window.removeEventListener(CHANGED, listen)
}

/** Kept in the tab: a reload or a look at another page loses nothing, another tab is not disturbed. */
function store(key: string, draft: Draft | null) {
  if (draft) sessionStorage.setItem(key, JSON.stringify(draft))
  else sessionStorage.removeItem(key)
  window.dispatchEvent(new Event(CHANGED))
}

export function useDraft(key: string, published: TargetingView) {
  const stored = useSyncExternalStore(
    subscribe,
    () => sessionStorage.getItem(key),
    () => null,
  )
  const draft = useMemo(() => (stored ? (JSON.parse(stored) as Draft) : null), [stored])
  const current = useMemo(() => targetingOf(published), [published])
  const mine = draft?.mine ?? current

  const base = draft?.base ?? current
  const changes = useMemo(() => describeChanges(base, mine), [base, mine])
  const stale = useMemo(
    () => draft !== null && draft.version < published.version && describeChanges(base, current).length > 0,
    [draft, published.version, base, current],
  )

  const edit = useCallback(
    (next: Targeting) => {
      const { base, version } = draft ?? { base: current, version: published.version }
      const undone = describeChanges(base, next).length === 0
      store(key, undone ? null : { base, version, mine: next })
    },
    [key, draft, current, published.version],
  )
  const discard = useCallback(() => store(key, null), [key])

  /** Puts the draft on top of what is published now. */
  const keepOnTop = useCallback(
    (theirs: TargetingView) => {
      if (!draft) return
      const base = targetingOf(theirs)
      const next = rebase(draft.base, draft.mine, base)
      const nothingLeft = describeChanges(base, next).length === 0
      store(key, nothingLeft ? null : { base, version: theirs.version, mine: next })
    },
    [key, draft],
  )

  return {
    /** The draft where there is one, else what is published. */
    targeting: mine,
    base,
    /** What the draft changes, against what it was begun on. */
    changes,
    dirty: draft !== null && changes.length > 0,
    /** Somebody published something else since the draft was begun. */
    stale,
    edit,
    discard,
    keepOnTop,
  }
}

export type DraftState = ReturnType<typeof useDraft>
