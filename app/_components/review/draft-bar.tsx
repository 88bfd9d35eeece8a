'use client'
import { Button } from '@/app/_ui/button'
import { plural } from '@/lib/plural'

/** Stays in sight while anything is unpublished. */
export function DraftBar({
  count,
  place,
  blocked,
  onDiscard,
  onReview,
}: {
  count: number
  place: string
  /** Why there can be no review now. */
  blocked: string | null
  onDiscard: () => void
  onReview: () => void
}) {
  return (
    <section
      aria-label="Draft"
      className="sticky bottom-4 z-20 mt-4 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-raised py-2 pr-2 pl-4 max-sm:justify-end"
    >
      <p role="status" className="min-w-0 flex-1 break-words max-sm:basis-full">
        <span className="font-medium">
          {plural(count, 'change')} in {place}
        </span>
        <span className="text-ink-2">, not published</span>
      </p>
      <Button onClick={onDiscard}>Discard</Button>
      <Button look="primary" disabledReason={blocked} onClick={onReview}>
        Review changes
      </Button>
    </section>
  )
}
