'use client'
import { VariantName } from '@/app/_components/variant'
import { Button } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { PercentInput } from '@/app/_ui/percent-input'
import { percent, WHOLE } from '@/lib/describe'
import type { Rollout } from '@/lib/evaluation/types'
import { evenly, sumOf } from './serves'

/** Who inside the share gets which variant. A variant that gets nothing stays at 0 %, out of the published split. */
export function SplitLines({
  split,
  variants,
  onChange,
}: {
  split: Rollout['split']
  variants: readonly string[]
  onChange: (split: Rollout['split']) => void
}) {
  const weights = new Map(split.map((part) => [part.variant, part.weight]))
  const listed = [
    ...variants,
    ...split.map((part) => part.variant).filter((name) => !variants.includes(name)),
  ]
  const set = (variant: string, weight: number) =>
    onChange(
      listed
        .map((name) => ({ variant: name, weight: name === variant ? weight : (weights.get(name) ?? 0) }))
        .filter((part) => part.weight > 0 || part.variant === variant),
    )
  const sum = sumOf(split)
  return (
    <div className="w-full max-w-md rounded-md border bg-sunken px-3 py-1.5">
      {listed.map((variant) => (
        <div key={variant} className="flex items-center gap-2 py-0.5">
          <span className="min-w-0 flex-1 truncate">
            <VariantName variants={variants} variant={variant} />
          </span>
          <PercentInput
            label={`Weight of ${variant}`}
            value={weights.get(variant) ?? 0}
            onChange={(weight) => set(variant, weight)}
            invalid={sum !== WHOLE}
          />
        </div>
      ))}
      <div className="mt-1 flex items-center gap-2 border-t pt-1">
        <Button size="sm" look="ghost" onClick={() => onChange(evenly(listed))}>
          Split evenly
        </Button>
        <span
          role="status"
          className={cx('ml-auto pr-2 font-medium text-sm', sum === WHOLE ? 'text-ink-2' : 'text-problem')}
        >
          {sum === WHOLE ? percent(sum) : `${percent(sum)}, should be ${percent(WHOLE)}`}
        </span>
      </div>
    </div>
  )
}
