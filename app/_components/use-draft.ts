'use client'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Change } from '@/lib/describe-changes'

type Draft<T> = {
  /** What was saved when the draft was begun, and its version. */
  base: T
  version: number
  mine: T
}

/** How drafts of one kind of thing are compared and brought together. */
export type Kind<T, View extends { version: number }> = {
  /** What of the view can be edited. */
  of: (view: View) => T
  changes: (before: T, after: T) => Change[]
  /** My draft of `base`, on top of what has been saved meanwhile. */
  rebase: (base: T, mine: T, theirs: T) => T
}

const CHANGED = 'jackstaff:draft'

const unstored = new Map<string, string>() // drafts that are too long for the browser to keep

function subscribe(listen: () => void) {
  window.addEventListener(CHANGED, listen)
  return () => window.removeEventListener(CHANGED, listen)
}

const read = (key: string) => unstored.get(key) ?? sessionStorage.getItem(key)

/** Kept in the tab: a reload or a look at another page loses nothing, another tab is not disturbed. */
function store(key: string, draft: Draft<unknown> | null) {
  unstored.delete(key)
  sessionStorage.removeItem(key)
  if (draft) {
    const text = JSON.stringify(draft)
    try {
      sessionStorage.setItem(key, text)
    } catch {
      unstored.set(key, text)
    }
  }
  window.dispatchEvent(new Event(CHANGED))
}

/** `kind` stands outside of components: it is compared by identity. */
export function useDraft<T, View extends { version: number }>(
  key: string,
  published: View,
  { of, changes: changesOf, rebase }: Kind<T, View>,
) {
  const stored = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  const draft = useMemo(() => (stored ? (JSON.parse(stored) as Draft<T>) : null), [stored])
  const current = useMemo(() => of(published), [published, of])
  const mine = draft?.mine ?? current

  const base = draft?.base ?? current
  const changes = useMemo(() => changesOf(base, mine), [base, mine, changesOf])
  const stale = useMemo(
    () => draft !== null && draft.version < published.version && changesOf(base, current).length > 0,
    [draft, published.version, base, current, changesOf],
  )

  const edit = useCallback(
    (next: T) => {
      const { base, version } = draft ?? { base: current, version: published.version }
      const undone = changesOf(base, next).length === 0
      store(key, undone ? null : { base, version, mine: next })
    },
    [key, draft, current, published.version, changesOf],
  )
  const discard = useCallback(() => store(key, null), [key])

  /** Puts the draft on top of what is saved now. */
  const keepOnTop = useCallback(
    (theirs: View) => {
      if (!draft) return
      const base = of(theirs)
      const next = rebase(draft.base, draft.mine, base)
      const nothingLeft = changesOf(base, next).length === 0
      store(key, nothingLeft ? null : { base, version: theirs.version, mine: next })
    },
    [key, draft, of, changesOf, rebase],
  )

  return {
    /** The draft where there is one, else what is saved. */
    mine,
    base,
    /** What the draft changes, against what it was begun on. */
    changes,
    dirty: draft !== null && changes.length > 0,
    /** Somebody saved something else since the draft was begun. */
    stale,
    edit,
    discard,
    keepOnTop,
  }
}
