'use client'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Change } from '@/lib/describe-changes'
import type { Part } from './review/parts'

type Draft<T> = {
  /** What was saved when the draft was begun, and its version. */
  base: T
  version: number
  mine: T
  /** What is to stand in the history. */
  comment?: string
}

/** How drafts of one kind of thing are compared and brought together. */
export type Kind<T, View extends { version: number }> = {
  /** What of the view can be edited. */
  of: (view: View) => T
  changes: (before: T, after: T) => Change[]
  /** What I changed and what they did, part by part. */
  compare: (base: T, mine: T, theirs: T) => Part[]
  /** My draft of `base`, on top of what has been saved meanwhile; of the parts in `givenUp` theirs is kept. */
  rebase: (base: T, mine: T, theirs: T, givenUp?: ReadonlySet<string>) => T
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

const isDraft = (key: string) => key.startsWith('draft:')

/** Of whatever in the tab. */
export const allDrafts = {
  count: () => new Set([...unstored.keys(), ...Object.keys(sessionStorage)].filter(isDraft)).size,
  forget: () => unstored.clear(),
}

/** `kind` stands outside of components: it is compared by identity. */
export function useDraft<T, View extends { version: number }>(
  key: string,
  published: View,
  { of, changes: changesOf, compare, rebase }: Kind<T, View>,
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

  const parts = useMemo(
    () => (draft && stale ? compare(draft.base, draft.mine, current) : []),
    [draft, stale, current, compare],
  )

  const edit = useCallback(
    (next: T) => {
      const begun = draft ?? { base: current, version: published.version }
      const undone = changesOf(begun.base, next).length === 0
      store(key, undone ? null : { ...begun, mine: next })
    },
    [key, draft, current, published.version, changesOf],
  )
  const discard = useCallback(() => store(key, null), [key])
  const say = useCallback((comment: string) => draft && store(key, { ...draft, comment }), [key, draft])

  /** Puts the draft on top of what is saved now. */
  const keepOnTop = useCallback(
    (theirs: View, givenUp?: ReadonlySet<string>) => {
      if (!draft) return
      const base = of(theirs)
      const next = rebase(draft.base, draft.mine, base, givenUp)
      const nothingLeft = changesOf(base, next).length === 0
      store(key, nothingLeft ? null : { ...draft, base, version: theirs.version, mine: next })
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
    /** What both sides changed, once they did. */
    parts,
    comment: draft?.comment ?? '',
    say,
    edit,
    discard,
    keepOnTop,
  }
}
