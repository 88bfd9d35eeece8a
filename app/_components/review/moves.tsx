import { VariantName } from '@/app/_components/variant'
import { cx } from '@/app/_ui/cx'
import { describeOff } from '@/lib/describe'
import { describeShare, sharedBy } from '@/lib/impact/describe-impact'
import type { Cohort } from '@/lib/impact/impact'

function Variant({ variants, variant }: { variants: readonly string[]; variant: string | null }) {
  return variant === null ? describeOff(null) : <VariantName variants={variants} variant={variant} />
}

/** How many of a group go from one variant to another. */
export function Moves({
  cohort,
  variants,
  size,
}: {
  cohort: Cohort
  /** Of the flag, in its order: their colours. */
  variants: readonly string[]
  /** Of the number: read first where it is large. */
  size: 'large' | 'plain'
}) {
  const large = cohort.by.length > 1 ? 'text-lg' : 'text-xl'
  return (
    <ul className="flex flex-col gap-0.5">
      {cohort.moves.map(({ from, to, share }) => (
        <li key={`${from} ${to}`} className="flex flex-wrap items-baseline gap-x-2">
          <span className={cx('font-semibold', size === 'large' && large)}>
            {describeShare(share, cohort) ?? 'Some'}
            {sharedBy(cohort)}
          </span>
          <span>
            from <Variant variants={variants} variant={from} /> to{' '}
            <Variant variants={variants} variant={to} />
          </span>
        </li>
      ))}
    </ul>
  )
}
