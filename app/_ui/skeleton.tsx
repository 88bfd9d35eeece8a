import { cx } from './cx'

/** Holds the place of what is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cx('block rounded-sm bg-line motion-safe:animate-pulse-soft', className)} />
  )
}
