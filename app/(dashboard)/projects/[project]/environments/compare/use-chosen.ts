'use client'
import { useMemo, useState } from 'react'
import type { ComparedFlag } from '@/lib/control/views'

/** The API takes as many operations in one change. */
export const MOST = 50

/** Flags that were ticked, on this page of the list and on others, each as it was read last. */
export function useChosen(shown: readonly ComparedFlag[]) {
  const [ticked, setTicked] = useState<ReadonlyMap<string, ComparedFlag>>(new Map())
  const chosen = useMemo(() => {
    const fresh = new Map(shown.map((flag) => [flag.key, flag]))
    return [...ticked.values()].map((flag) => fresh.get(flag.key) ?? flag).filter(({ differs }) => differs)
  }, [ticked, shown])
  const set = (flags: readonly ComparedFlag[], on: boolean) =>
    setTicked((before) => {
      const after = new Map(before)
      for (const flag of flags) {
        if (on) after.set(flag.key, flag)
        else after.delete(flag.key)
      }
      return after
    })
  return { chosen, isTicked: (key: string) => ticked.has(key), set, clear: () => setTicked(new Map()) }
}
