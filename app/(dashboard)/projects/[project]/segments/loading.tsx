import { PageHeader } from '@/app/_ui/page-header'
import { Skeleton } from '@/app/_ui/skeleton'

const ROWS = ['a', 'b', 'c', 'd', 'e']

export default function Loading() {
  return (
    <div role="status" aria-label="Loading segments" className="mx-auto max-w-5xl">
      <PageHeader title="Segments" />
      <div className="card divide-y">
        {ROWS.map((row) => (
          <div key={row} className="flex h-[61px] items-center gap-8 px-4">
            <div className="w-56 space-y-2">
              <Skeleton className="h-3.5 w-40" />
              <Skeleton className="h-2.5 w-28" />
            </div>
            <Skeleton className="h-3 w-64" />
            <Skeleton className="ml-auto hidden h-3 w-20 md:block" />
          </div>
        ))}
      </div>
    </div>
  )
}
