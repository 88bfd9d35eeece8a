import { cx } from './cx'

type Props = {
  checked: boolean
  onChange: (checked: boolean) => void
  label: string
  size?: 'md' | 'lg'
  disabledReason?: string | false | null
  /** Something stronger decides now: the position stays, the colour goes. */
  muted?: boolean
}

const tracks = { md: 'h-5 w-9', lg: 'h-8 w-14' } as const
const thumbs = { md: 'size-3.5 translate-x-[3px]', lg: 'size-6 translate-x-[3px]' } as const
const shifted = { md: 'translate-x-[18px]!', lg: 'translate-x-[27px]!' } as const

/** The thumb moves, fills and carries a mark: position and shape say the state, not colour alone. */
export function Switch({ checked, onChange, label, size = 'md', disabledReason, muted = false }: Props) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      aria-disabled={Boolean(disabledReason) || undefined}
      title={disabledReason || undefined}
      onClick={() => !disabledReason && onChange(!checked)}
      className={cx(
        'relative inline-flex shrink-0 items-center rounded-full border transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-60',
        checked
          ? muted
            ? 'border-control bg-control'
            : 'border-accent bg-accent'
          : 'border-control bg-sunken',
        tracks[size],
      )}
    >
      <span
        className={cx(
          'flex items-center justify-center rounded-full transition-[translate,background-color]',
          checked
            ? muted
              ? 'bg-surface text-control'
              : 'bg-on-accent text-accent'
            : 'bg-control text-surface',
          thumbs[size],
          checked && shifted[size],
        )}
      >
        {size === 'lg' && (
          <svg viewBox="0 0 12 12" className="size-3" aria-hidden>
            <path
              d={checked ? 'M6 2v8' : 'M3.2 6a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0'}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.75"
              strokeLinecap="round"
            />
          </svg>
        )}
      </span>
    </button>
  )
}
