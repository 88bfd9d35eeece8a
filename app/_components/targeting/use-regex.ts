'use client'
import { useEffect, useState } from 'react'
import { mentionsRegex } from '@/lib/evaluation'
import { loadRegex } from '@/lib/regex'

/**
 * Whether the engine can read what is in this text: its regular expressions are fetched once something mentions them.
 * Where they cannot be, it goes on without, and says what it cannot read.
 */
export function useRegex(text: string): boolean {
  const [settled, setSettled] = useState(false)
  const missing = !settled && mentionsRegex(text)
  useEffect(() => {
    if (!missing) return
    const settle = () => setSettled(true)
    loadRegex().then(settle, settle)
  }, [missing])
  return !missing
}
