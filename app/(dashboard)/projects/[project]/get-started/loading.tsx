import { PageHeader } from '@/app/_ui/page-header'
import { Skeleton } from '@/app/_ui/skeleton'

export default function Loading() {
  return (
    <div role="status" aria-label="Loading" className="mx-auto max-w-3xl">
      <PageHeader title="Get started" />
      <Skeleton className="mb-4 h-28 w-full rounded-lg" />
      <Skeleton className="mb-4 h-64 w-full rounded-lg" />
      <Skeleton className="h-28 w-full rounded-lg" />
    </div>
  )
}
