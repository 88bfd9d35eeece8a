'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { cx } from './cx'

export function NavTabs({
  label,
  tabs,
  onGo,
}: {
  label: string
  /** Takes over the navigation, for a page that must know that it is leaving. */
  onGo?: (href: string) => void
  tabs: readonly { href: string; label: ReactNode; current: boolean }[]
}) {
  return (
    <nav aria-label={label} className="-mb-px flex gap-5 overflow-x-auto border-b">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          scroll={false}
          onNavigate={(event) => {
            if (!onGo) return
            event.preventDefault()
            onGo(tab.href)
          }}
          aria-current={tab.current ? 'page' : undefined}
          className={cx(
            'flex h-10 items-center gap-2 whitespace-nowrap border-b-2 px-0.5 transition-colors focus-visible:outline-offset-[-2px]',
            tab.current
              ? 'border-accent font-medium text-ink'
              : 'border-transparent text-ink-2 hover:border-line-strong hover:text-ink',
          )}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
