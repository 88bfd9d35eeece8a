import type { ReactNode } from 'react'

/** Teaches the next step in one sentence and one button. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="card flex flex-col items-center px-6 py-16 text-center">
      <h2 className="font-semibold text-lg">{title}</h2>
      <p className="mt-1 max-w-md text-ink-2">{children}</p>
      {action && <div className="mt-6">{action}</div>}
    </div>
  )
}
