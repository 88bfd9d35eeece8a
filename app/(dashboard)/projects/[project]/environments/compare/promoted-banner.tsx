'use client'
import Link from 'next/link'
import { Reach } from '@/app/_components/reach'
import { usePropagation } from '@/app/_components/use-propagation'
import { Banner } from '@/app/_ui/banner'
import type { EnvironmentView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import type { Promotion } from './use-promotion'

/** What was promoted, and how far it has come. */
export function PromotedBanner({
  project,
  to,
  promotion: { configId, flags },
}: {
  project: string
  to: EnvironmentView
  promotion: Promotion
}) {
  const propagation = usePropagation({ project, environment: to.key }, configId)
  return (
    <Banner tone="info" title={`Promoted ${plural(flags.length, 'flag')} to ${to.name}`}>
      <Reach {...propagation} />
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1">
        {flags.map(({ key, name }) => (
          <li key={key}>
            <Link
              href={paths.flag({ project, flag: key, environment: to.key, tab: 'history' })}
              className="rounded-sm text-accent-ink underline-offset-4 hover:underline"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </Banner>
  )
}
