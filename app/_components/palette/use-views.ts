import { useEffect, useState } from 'react'
import { api } from '@/lib/api-client'
import type { SavedView } from '@/lib/control/views'

/** The saved views of the flags list, read anew each time that the palette is opened. */
export function useViews(project: string | null): readonly SavedView[] {
  const [views, setViews] = useState<readonly SavedView[]>([])
  useEffect(() => {
    if (project === null) return
    let left = false
    api.views({ project }).then(
      ({ value }) => left || setViews(value.items),
      () => left || setViews([]),
    )
    return () => {
      left = true
    }
  }, [project])
  return views
}
