'use client'
import { useMemo } from 'react'
import type { Targeting } from '@/lib/control/views'
import { impactOf } from '@/lib/impact/impact'
import { ImpactSummary } from './impact-summary'

/** Who gets something else of a flag; what windows of time allow is taken as of now. */
export function TargetingImpact({
  before,
  after,
  salt,
  ...summary
}: {
  before: Targeting
  after: Targeting
  salt: string
  variants: readonly string[]
  killed?: boolean
}) {
  const impact = useMemo(() => impactOf({ before, after, salt }, Date.now()), [before, after, salt])
  return <ImpactSummary impact={impact} {...summary} />
}
