'use client'
import Link from 'next/link'
import type { EnvironmentView, SegmentUses } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'

const SHOWN = 20

/** Which flags would notice a change, and where. */
export function UsesPanel({
  project,
  environments,
  uses,
}: {
  project: string
  environments: readonly EnvironmentView[]
  uses: SegmentUses
}) {
  const nameOf = (key: string) => environments.find((environment) => environment.key === key)?.name ?? key
  const { flags, flagCount, segments } = uses
  const used = flagCount + segments.length > 0
  return (
    <section aria-labelledby="used-by" className="card p-4">
      <h2 id="used-by" className="font-semibold">
        {flagCount === 0 ? 'Used by no flag' : `Used by ${plural(flagCount, 'flag')}`}
      </h2>
      {!used && (
        <p className="mt-1 text-ink-2 text-sm">
          In a flag’s targeting, add a rule, press “and a segment” and choose this one. Whoever is in it gets
          what the rule serves.
        </p>
      )}
      <ul className="mt-2 flex flex-col gap-2">
        {flags.slice(0, SHOWN).map((flag) => (
          <li key={flag.key} className="min-w-0">
            <Link
              href={paths.flag({ project, flag: flag.key, environment: flag.environments[0]! })}
              className="block truncate rounded-sm text-accent-ink underline-offset-4 hover:underline"
            >
              {flag.name}
            </Link>
            <span className="block text-ink-3 text-sm">
              {flag.environments.map(nameOf).join(', ')}
              {!flag.direct && ', through another segment'}
            </span>
          </li>
        ))}
      </ul>
      {flagCount > SHOWN && <p className="mt-2 text-ink-2 text-sm">and {flagCount - SHOWN} more</p>}
      {segments.length > 0 && (
        <p className="mt-3 border-t pt-3 text-ink-2 text-sm">
          Part of{' '}
          {segments.map((segment, i) => (
            <span key={segment}>
              {i > 0 && ', '}
              <Link
                href={paths.segment({ project, segment })}
                className="rounded-sm font-mono text-accent-ink underline-offset-4 hover:underline"
              >
                {segment}
              </Link>
            </span>
          ))}
        </p>
      )}
    </section>
  )
}
