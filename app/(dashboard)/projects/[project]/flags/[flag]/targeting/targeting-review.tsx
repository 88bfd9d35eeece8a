'use client'
import { ChangeList } from '@/app/_components/change-list'
import { ReviewSheet, type ReviewState } from '@/app/_components/review/review-sheet'
import { TargetingImpact } from '@/app/_components/review/targeting-impact'
import { StatusLine } from '@/app/_components/status-line'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import type { EnvironmentView, Targeting, TargetingView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { describeChanges } from '@/lib/describe-changes'

const lines: Record<string, string> = {
  fallthrough: 'Otherwise',
  offVariant: 'When off',
  targets: 'Individuals',
  prerequisites: 'Needs',
}

/** "rules.0.when.values" -> "Rule 1" */
function placeOf(path: string): string {
  const [line = '', index] = path.split('.')
  if (line === 'rules' && index !== undefined) return `Rule ${Number(index) + 1}`
  return lines[line] ?? line
}

type Props = ReviewState & {
  environment: EnvironmentView
  /** The names of the flag's variants, in its order. */
  variants: readonly string[]
  published: TargetingView
  targeting: Targeting
}

/** The draft of a flag, before it is published. */
export function TargetingReview({ environment, variants, published, targeting, ...sheet }: Props) {
  const before = targetingOf(published)
  const changes = describeChanges(before, targeting)
  const { salt, kill } = published
  return (
    <ReviewSheet
      {...sheet}
      title={`Review changes in ${environment.name}`}
      reached={[environment]}
      exact={[{ name: environment.name, before, after: targeting }]}
      placeOf={placeOf}
      blocked={changes.length === 0 ? 'There is nothing to publish' : null}
      commentHint="Stands in the history, beside your name."
      back="Keep editing"
    >
      <section aria-label="Changes">
        <ChangeList changes={changes} />
      </section>
      <TargetingImpact
        before={before}
        after={targeting}
        salt={salt}
        variants={variants}
        killed={kill !== null}
      />
      <section>
        <h3 className="mb-1.5 font-medium text-sm">Afterwards</h3>
        <StatusLine status={describeStatus({ ...targeting, kill })} />
      </section>
    </ReviewSheet>
  )
}
