'use client'
import { barClass } from '@/app/_components/variant'
import type { Rollout } from '@/lib/evaluation/types'

const WHOLE = 100_000
const STEP = 1_000 // the handle moves by whole percents; the number beside it goes to 0.001 %

/** Who gets what, to scale: the coloured part is the share, its handle moves it. */
export function ShareBar({
  rollout,
  variants,
  onShare,
}: {
  rollout: Rollout
  variants: readonly string[]
  onShare: (share: number) => void
}) {
  const { share, split, rest } = rollout
  let from = 0
  const parts = split.map(({ variant, weight }) => {
    const x = from
    const width = (weight * share) / WHOLE / 1_000
    from += width
    return { variant, x, width }
  })
  return (
    <div className="relative h-4 w-full max-w-md">
      <svg aria-hidden className="absolute inset-x-0 top-1 h-2 w-full overflow-hidden rounded-full bg-line">
        {parts.map(({ variant, x, width }) => (
          <rect
            key={variant}
            x={`${x}%`}
            width={`${width}%`}
            height="100%"
            className={barClass({ variants, variant })}
          />
        ))}
        {rest !== 'continue' && (
          <rect
            x={`${share / 1_000}%`}
            width={`${(WHOLE - share) / 1_000}%`}
            height="100%"
            opacity="0.3"
            className={barClass({ variants, variant: rest.variant })}
          />
        )}
      </svg>
      <input
        type="range"
        aria-label="Share"
        aria-valuetext={`${share / 1_000} percent`}
        min={0}
        max={WHOLE}
        step={STEP}
        value={share}
        onChange={(event) => onShare(Number(event.target.value))}
        className="bare-range absolute -inset-x-2 top-0 h-4 w-[calc(100%+1rem)] cursor-ew-resize"
      />
    </div>
  )
}
