'use client'
import { useEffect, useState } from 'react'
import { api } from '@/lib/api-client'
import type { Condition, Segment } from '@/lib/evaluation/types'
import { leavesOf } from './conditions'

const segmentsIn = (conditions: readonly Condition[]) =>
  conditions.flatMap(leavesOf).flatMap((leaf) => ('segment' in leaf ? [leaf.segment] : []))

/** The segments that conditions reach, also through other segments; fetched when first needed. */
export function useSegments(project: string, conditions: readonly Condition[]) {
  const [known, setKnown] = useState<Record<string, Segment | null>>({})
  const wanted = [
    ...segmentsIn(conditions),
    ...Object.values(known).flatMap((segment) => (segment ? segmentsIn(segment.any) : [])),
  ]
  const missing = wanted.find((key) => !Object.hasOwn(known, key))
  useEffect(() => {
    if (missing === undefined) return
    let left = false
    api.segment({ project, segment: missing }).then(
      ({ value: { by, included, excluded, any } }) => {
        const segment = { by, included, excluded, any }
        if (!left) setKnown((before) => ({ ...before, [missing]: segment }))
      },
      () => !left && setKnown((before) => ({ ...before, [missing]: null })),
    )
    return () => {
      left = true
    }
  }, [project, missing])
  const segments = Object.fromEntries(Object.entries(known).filter((entry) => entry[1] !== null))
  return { segments: segments as Record<string, Segment>, loading: missing !== undefined }
}
