'use client'
import { useMemo } from 'react'
import type { SegmentBody } from '@/lib/control/views'

const MOST_BYTES = 1_000_000 // of one request to the API, with room for the rest of it

/** Why a draft is more than can be saved at once, or null. */
export function useTooLarge(body: SegmentBody | null): string | null {
  return useMemo(() => {
    if (!body) return null
    const bytes = new Blob([JSON.stringify(body)]).size
    if (bytes <= MOST_BYTES) return null
    return `This would be ${(bytes / 1e6).toFixed(1)} MB, and 1 MB is taken at once: shorten the lists, or target an attribute`
  }, [body])
}
