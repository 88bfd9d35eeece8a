'use client'
import { useEffect, useState } from 'react'
import { api } from '@/lib/api-client'
import type { ListedFlag } from '@/lib/control/views'

const SHOWN = 8
const PAUSE_MS = 25 // letters that come together are one search

type Found = { q: string; flags: ListedFlag[] }

/** Flags that the server finds; those of the search before stay until they come. `idle`: what nothing typed finds. */
export function useFlagSearch(project: string | null, q: string, idle: 'none' | 'first' = 'none') {
  const [found, setFound] = useState<Found>({ q: '', flags: [] })
  useEffect(() => {
    if (project === null || (q === '' && idle === 'none')) {
      setFound({ q, flags: [] })
      return
    }
    let left = false
    const timer = setTimeout(async () => {
      const flags = await api.findFlags({ project }, { q, limit: SHOWN }).then(
        ({ value }) => value.items,
        () => [],
      )
      if (!left) setFound({ q, flags })
    }, PAUSE_MS)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [project, q, idle])
  return { flags: found.flags, searching: project !== null && found.q !== q }
}
