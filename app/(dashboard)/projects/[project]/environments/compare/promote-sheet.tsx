'use client'
import { ChangeList } from '@/app/_components/change-list'
import { ReviewSheet, type ReviewState } from '@/app/_components/review/review-sheet'
import { TargetingImpact } from '@/app/_components/review/targeting-impact'
import { StatusLine } from '@/app/_components/status-line'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import type { ComparedFlag, EnvironmentView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { plural } from '@/lib/plural'
import { promoted } from '@/lib/promote'
import { changesOf } from './compared-row'

type Props = ReviewState & {
  from: EnvironmentView
  to: EnvironmentView
  flags: readonly ComparedFlag[]
}

const nameOf = (flags: readonly ComparedFlag[], path: string) =>
  flags[Number(/^changes\.(\d+)\./.exec(path)?.[1])]?.name ?? ''

const afterOf = ({ from, to }: ComparedFlag) => promoted(targetingOf(from), targetingOf(to))

function Reviewed({ flag }: { flag: ComparedFlag }) {
  const { to, variants } = flag
  const after = afterOf(flag)
  return (
    <section aria-label={flag.name} className="rounded-lg border px-4 py-3">
      <h3 className="font-medium">{flag.name}</h3>
      <code className="break-all font-mono text-ink-3 text-xs">{flag.key}</code>
      <div className="mt-2">
        <ChangeList changes={changesOf(flag)} />
      </div>
      <div className="mt-3 border-t pt-2.5">
        <TargetingImpact
          before={targetingOf(to)}
          after={after}
          salt={to.salt}
          variants={variants}
          killed={to.kill !== null}
        />
      </div>
      <div className="mt-3 border-t pt-2.5 text-sm">
        <span className="sr-only">Afterwards: </span>
        <StatusLine status={describeStatus({ ...after, kill: to.kill })} />
      </div>
    </section>
  )
}

/** All chosen flags as one change: what each does afterwards, and for whom that is something else. */
export function PromoteSheet({ from, to, flags, ...sheet }: Props) {
  return (
    <ReviewSheet
      {...sheet}
      title={`Promote ${plural(flags.length, 'flag')} to ${to.name}`}
      description={`Each does in ${to.name} what it does in ${from.name}: all of them, as one version, or none.`}
      reached={[to]}
      exact={flags.map((flag) => ({ name: flag.name, before: targetingOf(flag.to), after: afterOf(flag) }))}
      placeOf={(path) => nameOf(flags, path)}
      commentHint="Stands in the history, beside your name."
      back="Keep choosing"
      sending={`Sending ${plural(flags.length, 'flag')}…`}
    >
      <div className="flex flex-col gap-4">
        {flags.map((flag) => (
          <Reviewed key={flag.key} flag={flag} />
        ))}
      </div>
    </ReviewSheet>
  )
}
