import type { ReactNode } from 'react'
import { cx } from './cx'

const tones = {
  neutral: 'border-line bg-sunken text-ink-2',
  caution: 'border-caution-line bg-caution-soft text-caution-ink',
} as const

export function Badge({ tone = 'neutral', children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-medium text-xs',
        tones[tone],
      )}
    >
      {children}
    </span>
  )
}
