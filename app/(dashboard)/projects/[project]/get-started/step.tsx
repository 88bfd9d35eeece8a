import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '@/app/_ui/cx'

export type StepState = 'done' | 'now' | 'later'

const words: Record<StepState, string> = { done: 'done', now: 'to do now', later: 'later' }

/** One step of a few: its number, or a check once it is done. */
export function Step({
  number,
  title,
  state,
  aside,
  children,
}: {
  number: number
  title: string
  state: StepState
  /** Stands at the end of the heading. */
  aside?: ReactNode
  children?: ReactNode
}) {
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={cx('card px-5 py-4 transition-colors', state === 'now' && 'border-accent')}
    >
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <span
          aria-hidden
          className={cx(
            'flex size-6 shrink-0 items-center justify-center rounded-full border font-semibold text-xs',
            state === 'done' && 'border-accent bg-accent text-on-accent',
            state === 'now' && 'border-accent text-accent-ink',
            state === 'later' && 'border-line-strong text-ink-3',
          )}
        >
          {state === 'done' ? <Check size={14} /> : number}
        </span>
        <h2 className={cx('flex-1 font-semibold', state === 'later' && !children && 'text-ink-3')}>
          {title}
          <span className="sr-only">, {words[state]}</span>
        </h2>
        {aside}
      </div>
      {children && <div className="mt-3 sm:pl-9">{children}</div>}
    </li>
  )
}
