'use client'
import { useState } from 'react'

/** What the server said last: the props of the page, or the answer to a write made since they came. */
export function useLatest<T>(props: T): [T, (answer: T) => void] {
  const [answer, setAnswer] = useState<{ value: T; since: T } | null>(null)
  const latest = answer !== null && answer.since === props ? answer.value : props
  return [latest, (value) => setAnswer({ value, since: props })]
}
