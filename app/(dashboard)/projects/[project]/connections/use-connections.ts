'use client'
import { useEffect, useState } from 'react'
import { api } from '@/lib/api-client'
import type { ConnectionsView } from '@/lib/control/views'

const EVERY_MS = 5_000 // as often as delivery nodes tell

/** Who is connected, kept current for as long as the page is looked at. */
export function useConnections(project: string, environment: string, first: ConnectionsView | null) {
  const [connections, setConnections] = useState(first)
  useEffect(() => {
    if (first === null) return
    let left = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      if (!document.hidden) {
        const value = await api.connections({ project, environment }).then(
          (answer) => answer.value,
          () => null,
        )
        if (left) return
        if (value) setConnections(value)
      }
      timer = setTimeout(ask, EVERY_MS)
    }
    timer = setTimeout(ask, EVERY_MS)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [project, environment, first])
  return connections
}
