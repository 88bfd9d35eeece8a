'use client'
import { useEffect, useState } from 'react'
import { forgetText, keptText } from '@/app/_components/kept-text'
import type { Plan } from '@/app/_components/publish-plan'
import type { useDraft } from '@/app/_components/use-draft'
import { ApiError, type FieldProblem, type Problem } from '@/lib/api-client'

export type Draft<T, View extends { version: number }> = ReturnType<typeof useDraft<T, View>>

type Shown = 'sentences' | 'json'

/**
 * The state of a page on which a draft is edited, in sentences or as JSON, reviewed, and sent or discarded. What was typed
 * stays until the server took it.
 */
export function useDraftEditing<T, View extends { version: number }>(
  draft: Draft<T, View>,
  {
    keptAs,
    onSend,
    onCurrent,
  }: {
    /** Under which name the tab keeps JSON that does not read. */
    keptAs: string
    onSend: (comment: string, plan: Plan) => Promise<void>
    /** Somebody else was faster: what there is now. */
    onCurrent: (view: View) => void
  },
) {
  const [view, setView] = useState<Shown>('sentences')
  const [doing, setDoing] = useState<'review' | 'discard' | null>(null)
  /** Why what was typed cannot be reviewed. */
  const [blocked, setBlocked] = useState<string | null>(null)
  /** Raised when the draft is replaced from outside the text that the JSON editor holds. */
  const [rewritten, setRewritten] = useState(0)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [refused, setRefused] = useState<{ mine: T; fields: readonly FieldProblem[] } | null>(null)
  useEffect(() => {
    if (keptText(keptAs) !== null) setView('json')
  }, [keptAs])

  const fail = (error: unknown) => {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 412 && error.problem.current) {
      onCurrent(error.problem.current as View)
      setDoing(null)
      return
    }
    setProblem(error.problem)
    setRefused({ mine: draft.mine, fields: error.fields })
  }

  return {
    view,
    showAs: (next: Shown) => {
      setView(next)
      setBlocked(null)
    },
    doing,
    review: () => {
      setProblem(null)
      setDoing('review')
    },
    discard: () => setDoing('discard'),
    close: () => setDoing(null),
    blocked,
    setBlocked,
    rewritten,
    replace: (change: () => void) => {
      change()
      forgetText(keptAs)
      setBlocked(null)
      setRewritten(rewritten + 1)
    },
    /** Whoever edits the sentences lets go of JSON that does not read. */
    edit: (next: T) => {
      forgetText(keptAs)
      draft.edit(next)
    },
    busy,
    problem,
    refused,
    send: async (comment: string, plan: Plan) => {
      setBusy(true)
      setProblem(null)
      try {
        await onSend(comment.trim(), plan)
        draft.discard()
        setRefused(null)
        setDoing(null)
      } catch (error) {
        fail(error)
      } finally {
        setBusy(false)
      }
    },
  }
}

export type Editing<T, View extends { version: number }> = ReturnType<typeof useDraftEditing<T, View>>
