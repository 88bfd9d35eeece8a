import { PageHeader } from '@/app/_ui/page-header'
import { Skeleton } from '@/app/_ui/skeleton'

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f']

export default function Loading() {
  return (
    <div role="status" aria-label="Comparing" className="mx-auto max-w-6xl">
      <PageHeader title="Compare environments" />
      <Skeleton className="mb-4 h-8 w-full max-w-sm rounded-md" />
      <div className="card divide-y">
        {ROWS.map((row) => (
          <div key={row} className="flex h-16 items-center gap-8 px-4">
            <Skeleton className="h-3.5 w-40" />
            <Skeleton className="h-3 w-52" />
            <Skeleton className="hidden h-3 w-52 md:block" />
          </div>
        ))}
      </div>
    </div>
  )
}
