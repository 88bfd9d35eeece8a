'use client'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { type Kind, useDraft } from '@/app/_components/use-draft'
import type { Targeting, TargetingView } from '@/lib/control/views'
import { describeChanges } from '@/lib/describe-changes'
import { compare, rebase } from './rebase'

const targetings: Kind<Targeting, TargetingView> = {
  of: targetingOf,
  changes: describeChanges,
  compare,
  rebase,
}

export function useTargetingDraft(key: string, published: TargetingView) {
  const { mine, ...draft } = useDraft(key, published, targetings)
  return { ...draft, targeting: mine }
}

export type DraftState = ReturnType<typeof useTargetingDraft>
