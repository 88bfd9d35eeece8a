import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Wordmark } from '@/app/_components/mark'
import { paths } from '@/lib/paths'
import { GroupNav } from './group-nav'
import { groups } from './reference'

export const metadata: Metadata = { title: { default: 'API', template: '%s · API · Jackstaff' } }

export default function ApiLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-x-10 px-4 md:flex-row">
      <aside className="shrink-0 py-6 md:sticky md:top-0 md:h-dvh md:w-52 md:overflow-y-auto">
        <Link href={paths.projects()} className="mb-6 inline-flex text-lg">
          <Wordmark />
        </Link>
        <GroupNav groups={groups.map(({ name, routes }) => ({ name, count: routes.length }))} />
      </aside>
      <main className="min-w-0 flex-1 py-6 pb-24">{children}</main>
    </div>
  )
}
