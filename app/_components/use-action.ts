'use client'
import { useState } from 'react'
import { ApiError, type Problem } from '@/lib/api-client'

const unexpected = (error: unknown): Problem => ({
  title: 'Unexpected',
  status: 0,
  detail: error instanceof Error ? error.message : 'Something went wrong. Try again.',
})

/** One write at a time: whether it is under way, and what the server had against it. */
export function useAction<Args extends unknown[]>(act: (...args: Args) => Promise<void>) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = async (...args: Args) => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      await act(...args)
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : unexpected(error))
    } finally {
      setBusy(false)
    }
  }
  const fieldError = (path: string) =>
    problem?.errors?.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message
  return { busy, problem, run, fieldError, reset: () => setProblem(null) }
}
