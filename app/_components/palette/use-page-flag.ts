'use client'
import { useEffect, useState } from 'react'
import { api } from '@/lib/api-client'
import type { FlagView } from '@/lib/control/views'

type Looked = { at: string; flags: FlagView[] }

/** The flag whose page is open, as it is now: one, or none where it has gone. `at` is null while nobody asks. */
export function usePageFlag(project: string, at: string | null) {
  const [looked, setLooked] = useState<Looked | null>(null)
  useEffect(() => {
    if (at === null) return setLooked(null)
    let left = false
    api.flag({ project, flag: at }).then(
      ({ value }) => !left && setLooked({ at, flags: [value] }),
      () => !left && setLooked({ at, flags: [] }),
    )
    return () => {
      left = true
    }
  }, [project, at])
  return { flags: looked?.flags ?? [], looking: at !== null && looked?.at !== at }
}
