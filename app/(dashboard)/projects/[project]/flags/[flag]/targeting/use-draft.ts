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

export const useTargetingDraft = (key: string, published: TargetingView) =>
  useDraft(key, published, targetings)

export type DraftState = ReturnType<typeof useTargetingDraft>
