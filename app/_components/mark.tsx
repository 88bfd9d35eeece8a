/** A pennant on a staff: one line and one triangle. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden className="shrink-0 text-accent">
      <path d="M4.75 2v16" stroke="currentColor" strokeWidth="2" strokeLinecap="round" fill="none" />
      <path d="M6.75 3.25 17 7.25 6.75 11.25Z" fill="currentColor" />
    </svg>
  )
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <Mark />
      Jackstaff
    </span>
  )
}
