'use client'
import { useState } from 'react'
import { usePropagation } from '@/app/_components/use-propagation'

/** How far the last publish of this page has travelled. */
export function usePublishedNote(where: { project: string; environment: string }) {
  const [configId, show] = useState<string | null>(null)
  return { configId, show, propagation: usePropagation(where, configId) }
}
