import Link from 'next/link'
import { ChangeList } from '@/app/_components/change-list'
import { EnvironmentName } from '@/app/_components/environment-name'
import { StatusLine } from '@/app/_components/status-line'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { rowLink } from '@/app/_ui/use-row-keys'
import type { ComparedFlag, EnvironmentView, TargetingView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { describeChanges } from '@/lib/describe-changes'
import { paths } from '@/lib/paths'
import { promoted } from '@/lib/promote'

/** What promoting a flag would change. */
export const changesOf = ({ from, to }: ComparedFlag) =>
  describeChanges(targetingOf(to), promoted(targetingOf(from), targetingOf(to)))

function Side({ environment, targeting }: { environment: EnvironmentView; targeting: TargetingView }) {
  return (
    <div className="min-w-0 text-sm">
      <span className="block text-ink-3 lg:sr-only">
        <EnvironmentName environment={environment} />
      </span>
      <StatusLine status={describeStatus(targeting)} clamp />
    </div>
  )
}

export function ComparedRow({
  project,
  flag,
  from,
  to,
  ticked,
  onTick,
}: {
  project: string
  flag: ComparedFlag
  from: EnvironmentView
  to: EnvironmentView
  ticked: boolean
  onTick: (on: boolean) => void
}) {
  const id = `changes-${flag.key}`
  return (
    <li className="grid gap-x-4 gap-y-2 border-b px-4 py-3 transition-colors last:border-b-0 focus-within:bg-hover hover:bg-hover lg:grid-cols-[minmax(0,16rem)_minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 items-start gap-3 lg:row-span-2">
        <input
          {...rowLink}
          type="checkbox"
          aria-label={`Choose ${flag.name}`}
          aria-describedby={flag.differs ? id : undefined}
          className="mt-0.5 size-4 shrink-0 accent-accent disabled:opacity-40"
          disabled={!flag.differs}
          checked={ticked && flag.differs}
          onChange={(event) => onTick(event.target.checked)}
        />
        <div className="min-w-0">
          <Link
            href={paths.flag({ project, flag: flag.key, environment: to.key })}
            className="block rounded-sm font-medium underline-offset-4 hover:underline"
          >
            {flag.name}
          </Link>
          <code className="break-all font-mono text-ink-3 text-xs">{flag.key}</code>
        </div>
      </div>
      <Side environment={from} targeting={flag.from} />
      <Side environment={to} targeting={flag.to} />
      <div id={id} className="text-ink-2 text-sm lg:col-start-3">
        {flag.differs ? <ChangeList changes={changesOf(flag)} /> : 'The same in both'}
      </div>
    </li>
  )
}
