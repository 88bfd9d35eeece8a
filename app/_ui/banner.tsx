import { CircleAlert, Info, OctagonX } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx'

const tones = {
  info: { box: 'border-line bg-surface', icon: Info, ink: 'text-accent-ink' },
  danger: { box: 'border-danger-line bg-danger-soft', icon: OctagonX, ink: 'text-danger-ink' },
  error: { box: 'border-problem bg-surface', icon: CircleAlert, ink: 'text-problem' },
} as const

export function Banner({
  tone,
  title,
  children,
  actions,
}: {
  tone: keyof typeof tones
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  const { box, icon: Icon, ink } = tones[tone]
  return (
    <div
      role={tone === 'error' ? 'alert' : 'status'}
      className={cx('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border px-4 py-3', box)}
    >
      <Icon size={18} aria-hidden className={cx('mt-px shrink-0', ink)} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{title}</p>
        {children && <div className="mt-1 text-ink-2">{children}</div>}
      </div>
      {actions && <div className="flex shrink-0 flex-wrap gap-2">{actions}</div>}
    </div>
  )
}
