'use client'
import { useState } from 'react'
import { RawDiff } from '@/app/_components/raw-diff'
import { ButtonLink } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { Time } from '@/app/_ui/time'
import type { OfTargeting } from '@/lib/api-client'
import type { EnvironmentView, Page, VersionView } from '@/lib/control/views'
import { describeEntry } from '@/lib/describe-entry'
import { paths } from '@/lib/paths'

function Version({ version }: { version: VersionView }) {
  const [open, setOpen] = useState(false)
  const differs = version.before !== null && version.after !== null
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-3 sm:grid-cols-[4rem_minmax(0,1fr)_auto]">
      <span className="text-ink-3 text-sm" title={`Config ${version.id}`}>
        v{version.version}
      </span>
      <div className="min-w-0">
        {describeEntry(version).map((line) => (
          <p key={line} className="break-words">
            {line}
          </p>
        ))}
        {version.reason && <p className="mt-0.5 text-ink-2">“{version.reason}”</p>}
        {differs && (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="mt-1 rounded-sm text-accent-ink text-sm underline-offset-4 hover:underline"
          >
            {open ? 'Hide difference' : 'Difference'}
          </button>
        )}
        {open && (
          <div className="mt-2">
            <RawDiff before={version.before} after={version.after} />
          </div>
        )}
      </div>
      <p className="text-ink-2 text-sm sm:text-right">
        <span className="font-medium text-ink">{version.actor.name}</span>
        <br className="hidden sm:inline" /> <Time value={version.at} />
      </p>
    </li>
  )
}

export function HistoryList({
  versions,
  environment,
  where,
}: {
  versions: Page<VersionView>
  environment: EnvironmentView
  where: OfTargeting
}) {
  if (versions.items.length === 0)
    return (
      <EmptyState title={`No changes in ${environment.name} yet`}>
        Each publish and each kill becomes one line here, with who did it and why.
      </EmptyState>
    )
  return (
    <>
      <ol className="card divide-y" aria-label={`Changes in ${environment.name}, newest first`}>
        {versions.items.map((version) => (
          <Version key={version.id} version={version} />
        ))}
      </ol>
      {versions.next && (
        <div className="mt-3 flex justify-end">
          <ButtonLink href={paths.flag({ ...where, tab: 'history', cursor: versions.next })}>
            Older
          </ButtonLink>
        </div>
      )}
    </>
  )
}
