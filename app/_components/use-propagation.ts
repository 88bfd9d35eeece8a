'use client'
import { useEffect, useState } from 'react'
import { api } from '@/lib/api-client'
import type { PropagationView } from '@/lib/control/views'
import { parseId } from '@/lib/evaluation'

const POLL_MS = 250 // delivery nodes report 100 ms, 500 ms and 2 s after a publish
const GIVE_UP_MS = 15_000

export type Propagation = { view: PropagationView | null; settled: boolean }

/** Every stream has it, and every provider that was asked has said so. */
const done = (view: PropagationView) =>
  view.reached >= view.connected &&
  (view.connected === 0 || view.elapsedMs !== null) &&
  view.acked >= view.asked

/** Follows a published config until every connected SDK has it, or for 15 s. */
export function usePropagation(where: { project: string; environment: string }, configId: string | null) {
  const { project, environment } = where
  const [state, setState] = useState<Propagation>({ view: null, settled: false })
  useEffect(() => {
    const version = configId === null ? undefined : parseId(configId)?.version
    setState({ view: null, settled: false })
    if (version === undefined) return
    const ends = Date.now() + GIVE_UP_MS
    let timer: ReturnType<typeof setTimeout> | undefined
    let left = false
    const ask = async () => {
      const view = await api.propagation({ project, environment, version }).then(
        (answer) => answer.value,
        () => null,
      )
      if (left) return
      const settled = (view !== null && done(view)) || Date.now() > ends
      setState((before) => ({ view: view ?? before.view, settled }))
      if (!settled) timer = setTimeout(ask, POLL_MS)
    }
    void ask()
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [project, environment, configId])
  return state
}
