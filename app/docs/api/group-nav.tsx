'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cx } from '@/app/_ui/cx'
import { paths } from '@/lib/paths'
import { titled } from './reference-names'

/** The groups of the API; on a phone, a line that scrolls. */
export function GroupNav({ groups }: { groups: readonly { name: string; count: number }[] }) {
  const here = usePathname()
  const link = (href: string, label: string, count?: number) => (
    <li key={href} className="shrink-0">
      <Link
        href={href}
        aria-current={here === href ? 'page' : undefined}
        className={cx(
          'flex items-baseline justify-between gap-3 rounded-md px-2 py-1 text-sm hover:bg-hover',
          here === href ? 'bg-hover font-medium text-ink' : 'text-ink-2',
        )}
      >
        {label}
        {count !== undefined && <span className="text-ink-3 text-xs">{count}</span>}
      </Link>
    </li>
  )
  return (
    <nav aria-label="API">
      <ul className="flex gap-0.5 overflow-x-auto md:flex-col">
        {link(paths.apiReference(), 'Overview')}
        {groups.map(({ name, count }) => link(paths.apiGroup({ group: name }), titled(name), count))}
      </ul>
    </nav>
  )
}
