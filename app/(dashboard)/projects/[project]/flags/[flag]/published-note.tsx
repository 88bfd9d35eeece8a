import { Reach } from '@/app/_components/reach'
import type { usePublishedNote } from './use-published-note'

export function PublishedNote({ configId, propagation }: ReturnType<typeof usePublishedNote>) {
  if (configId === null) return null
  return (
    <p role="status" className="px-5 text-ink-2">
      <Reach {...propagation} />
    </p>
  )
}
