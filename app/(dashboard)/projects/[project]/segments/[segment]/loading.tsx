import { Skeleton } from '@/app/_ui/skeleton'

export default function Loading() {
  return (
    <div role="status" aria-label="Loading the segment" className="mx-auto max-w-6xl">
      <Skeleton className="mb-3 h-3 w-20" />
      <Skeleton className="h-6 w-64" />
      <Skeleton className="mt-2 mb-6 h-3 w-40" />
      <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="card h-80" />
        <div className="card h-40" />
      </div>
    </div>
  )
}
