import { PageHeader } from '@/app/_ui/page-header'
import { Skeleton } from '@/app/_ui/skeleton'

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

export default function Loading() {
  return (
    <div role="status" aria-label="Loading flags">
      <PageHeader title="Flags" />
      <Skeleton className="mb-3 h-8 w-full max-w-sm rounded-md" />
      <div className="card divide-y">
        {ROWS.map((row) => (
          <div key={row} className="flex h-[61px] items-center gap-8 px-4">
            <div className="w-56 space-y-2">
              <Skeleton className="h-3.5 w-40" />
              <Skeleton className="h-2.5 w-28" />
            </div>
            <Skeleton className="h-3 w-14" />
            <Skeleton className="h-3 w-40" />
            <Skeleton className="hidden h-3 w-40 md:block" />
            <Skeleton className="hidden h-3 w-40 lg:block" />
          </div>
        ))}
      </div>
    </div>
  )
}
