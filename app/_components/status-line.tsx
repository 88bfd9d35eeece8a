import { cx } from '@/app/_ui/cx'
import type { FlagState, Status } from '@/lib/describe'

const shapes: Record<FlagState, { className: string; path: string }> = {
  on: { className: 'text-accent', path: 'M6 1a5 5 0 1 1 0 10a5 5 0 0 1 0-10Z' },
  partial: { className: 'text-accent', path: 'M6 1a5 5 0 0 1 0 10Z' },
  off: { className: 'text-ink-3', path: '' },
  killed: { className: 'text-danger', path: 'M3.9 1h4.2L11 3.9v4.2L8.1 11H3.9L1 8.1V3.9Z' },
}

/** Full: everyone alike. Half: it depends. Ring: off. Octagon: killed. */
export function StatusGlyph({ state, size = 12 }: { state: FlagState; size?: number }) {
  const { className, path } = shapes[state]
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden className={cx('shrink-0', className)}>
      {state !== 'killed' && (
        <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      )}
      <path d={path} fill="currentColor" />
      {state === 'killed' && (
        <path d="m4.3 4.3 3.4 3.4m0-3.4L4.3 7.7" stroke="#fff" strokeWidth="1.4" strokeLinecap="round" />
      )}
    </svg>
  )
}

type Props = {
  status: Status
  /** Two lines at most, the whole on hover. */
  clamp?: boolean
  large?: boolean
}

/** The state in words, its label first. */
export function StatusLine({ status, clamp = false, large = false }: Props) {
  return (
    <span className="flex items-start gap-2">
      <span className={cx('flex items-center', large ? 'h-6' : 'h-5')}>
        <StatusGlyph state={status.state} size={large ? 14 : 12} />
      </span>
      <span className={cx('min-w-0', clamp && 'line-clamp-2')} title={clamp ? status.detail : undefined}>
        <span className={cx('font-medium', status.state === 'killed' && 'text-danger-ink')}>
          {status.label}:
        </span>{' '}
        <span className="text-ink-2">{status.detail}</span>
      </span>
    </span>
  )
}
