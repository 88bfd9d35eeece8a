'use client'
import { useEffect, useState } from 'react'
import { useFlagSearch } from '@/app/_components/palette/use-flag-search'
import { ApiError, api } from '@/lib/api-client'
import type { FlagView } from '@/lib/control/views'

type Asked = { key: string; flag: FlagView | null }

/**
 * What the server finds for a key that is being typed, and the flag of just this key: undefined while it is looked for,
 * null where there is none.
 */
export function useNeededFlag(project: string, key: string) {
  const { flags, searching } = useFlagSearch(project, key, 'first')
  const [asked, setAsked] = useState<Asked | null>(null)
  const hit = flags.find((flag) => flag.key === key)
  const missing = key !== '' && !searching && !hit && asked?.key !== key
  useEffect(() => {
    if (!missing) return
    let left = false
    const settle = (flag: FlagView | null) => !left && setAsked({ key, flag })
    api.flag({ project, flag: key }).then(
      ({ value }) => settle(value),
      (error) => error instanceof ApiError && error.status === 404 && settle(null),
    )
    return () => {
      left = true
    }
  }, [project, key, missing])
  const flag: FlagView | null | undefined = hit ?? (asked?.key === key ? asked.flag : undefined)
  return { found: flags, flag }
}
