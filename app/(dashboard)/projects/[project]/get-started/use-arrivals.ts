'use client'
import { useEffect, useState } from 'react'
import { api } from '@/lib/api-client'
import type { ArrivalsView } from '@/lib/control/views'

const EVERY_MS = 1_000
const HELP_AFTER_MS = 30_000

export type Listening = {
  arrivals: ArrivalsView | null
  /** Nothing answers now: what is shown may be old. */
  lost: boolean
  /** It has been waited for so long that something may be wrong. */
  long: boolean
}

/** What comes from applications, a second late at most, for as long as the page is looked at. */
export function useArrivals(project: string, environment: string, flag: string | null): Listening {
  const [state, setState] = useState<Listening>({ arrivals: null, lost: false, long: false })
  useEffect(() => {
    setState({ arrivals: null, lost: false, long: false })
    if (flag === null) return
    const began = Date.now()
    let left = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      if (!document.hidden) {
        const arrivals = await api.arrivals({ project, environment, flag }).then(
          ({ value }) => value,
          () => null,
        )
        if (left) return
        const long = Date.now() - began >= HELP_AFTER_MS
        setState((before) => ({ arrivals: arrivals ?? before.arrivals, lost: arrivals === null, long }))
      }
      timer = setTimeout(ask, EVERY_MS)
    }
    void ask()
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [project, environment, flag])
  return state
}
