'use client'
import { useEffect, useMemo, useState } from 'react'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { ApiError, api } from '@/lib/api-client'
import type { FlagView, SegmentBody, SegmentUses, SegmentView, TargetingView } from '@/lib/control/views'
import { type Impact, impactOf } from '@/lib/impact/impact'

export type Place = { environment: string; targeting: TargetingView; impact: Impact }
export type FlagImpact = { flag: FlagView; places: readonly Place[] }

type Loaded = { flags: FlagView[]; through: SegmentView[] }

export const isMet = ({ places }: FlagImpact) =>
  places.some(({ impact }) => !impact.known || impact.direction !== 'none' || impact.lacking.length > 0)

/** `through`: segments that lead from rules to this one; they stay as they are. */
function impactsOf(
  { flags, through }: Loaded,
  uses: SegmentUses,
  segment: string,
  [before, after]: readonly [SegmentBody, SegmentBody],
): FlagImpact[] {
  const others = Object.fromEntries(through.map((other) => [other.key, other]))
  const segments = { before: { ...others, [segment]: before }, after: { ...others, [segment]: after } }
  const now = Date.now()
  return flags.map((flag) => {
    const at = uses.flags.find(({ key }) => key === flag.key)?.environments ?? []
    const places = at.flatMap((environment): Place[] => {
      const targeting = flag.environments[environment]
      if (!targeting) return []
      const asked = targetingOf(targeting)
      const { salt } = targeting
      return [
        { environment, targeting, impact: impactOf({ before: asked, after: asked, salt, segments }, now) },
      ]
    })
    return { flag, places }
  })
}

/** What the first flags that use a segment serve to others once it changes. */
export function useFlagImpacts(
  where: { project: string; segment: string },
  uses: SegmentUses,
  through: readonly string[],
  [before, after]: readonly [SegmentBody, SegmentBody],
  count: number,
) {
  const { project, segment } = where
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again for the same
  useEffect(() => {
    let left = false
    const load = async () => {
      const [flags, others] = await Promise.all([
        Promise.all(uses.flags.slice(0, count).map(({ key }) => api.flag({ project, flag: key }))),
        Promise.all(through.map((key) => api.segment({ project, segment: key }))),
      ])
      const values = { flags: flags.map(({ value }) => value), through: others.map(({ value }) => value) }
      if (!left) setLoaded(values)
    }
    setFailed(null)
    load().catch((error) => {
      if (!(error instanceof ApiError)) throw error
      if (!left) setFailed(error.problem.detail ?? error.problem.title)
    })
    return () => {
      left = true
    }
  }, [project, uses, through, count, attempt])
  const impacts = useMemo(
    () => loaded && impactsOf(loaded, uses, segment, [before, after]),
    [loaded, uses, segment, before, after],
  )
  return { impacts, failed, retry: () => setAttempt(attempt + 1) }
}
