import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'

/** What is typed is searched at once; while an answer is on its way, only the newest text waits for it. */
export function useTypedSearch(searched: string, address: (q: string) => string) {
  const router = useRouter()
  const [busy, start] = useTransition()
  const [text, setText] = useState(searched)
  const waiting = useRef<string | null>(null)
  const go = useRef((_: string) => {})
  go.current = (q) => start(() => router.replace(address(q), { scroll: false }))

  useEffect(() => {
    if (busy) return
    const next = waiting.current
    waiting.current = null
    if (next !== null) go.current(next)
    else setText(searched)
  }, [busy, searched])

  const find = (q: string) => {
    setText(q)
    if (busy) waiting.current = q
    else go.current(q)
  }
  return { text, busy, find }
}
