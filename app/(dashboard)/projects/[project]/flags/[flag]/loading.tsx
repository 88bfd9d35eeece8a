import { Skeleton } from '@/app/_ui/skeleton'

export default function Loading() {
  return (
    <div role="status" aria-label="Loading the flag" className="mx-auto max-w-6xl">
      <Skeleton className="h-3 w-16" />
      <Skeleton className="mt-4 h-6 w-64" />
      <Skeleton className="mt-3 mb-6 h-3 w-40" />
      <div className="flex gap-6 border-b pb-3">
        <Skeleton className="h-4 w-28" />
        <Skeleton className="h-4 w-24" />
        <Skeleton className="h-4 w-28" />
      </div>
      <Skeleton className="mt-5 h-20 w-full rounded-lg" />
      <Skeleton className="mt-8 h-72 w-full rounded-lg" />
    </div>
  )
}
