'use client'
import { useEffect, useMemo, useState } from 'react'
import { ContextInput, readContext, startingContext } from '@/app/_components/targeting/context-input'
import { useRegex } from '@/app/_components/targeting/use-regex'
import { useSegments } from '@/app/_components/targeting/use-segments'
import { VariantName } from '@/app/_components/variant'
import { cx } from '@/app/_ui/cx'
import type { FlagView, Targeting, TargetingView } from '@/lib/control/views'
import { describeTrace, type TraceLine } from '@/lib/describe-trace'
import type { Evaluation } from '@/lib/evaluation/types'
import { decide } from './decide'

type Props = {
  project: string
  flag: FlagView
  published: TargetingView
  targeting: Targeting
  onDecided: (place: string | null) => void
}

const conditionsOf = ({ rules }: Targeting) => rules.map((rule) => rule.when)

/** Who gets what, and why, decided in the page by the engine that providers run. */
export function TryIt({ project, flag, published, targeting, onDecided }: Props) {
  const [text, setText] = useState(() => startingContext(conditionsOf(targeting)))
  const context = useMemo(() => readContext(text), [text])
  const { segments, loading } = useSegments(project, conditionsOf(targeting))
  const readable = useRegex(JSON.stringify([targeting.rules, segments]))
  const decision = useMemo(() => {
    if (!context || loading || !readable) return null
    const known = { flag, salt: published.salt, killed: published.kill !== null, segments }
    return decide(targeting, known, context, Date.now())
  }, [context, loading, readable, flag, published, segments, targeting])
  const lines = decision && 'trace' in decision ? describeTrace(decision.trace) : []
  const decided = lines.find((line) => line.decided)?.place ?? null

  useEffect(() => {
    onDecided(decided)
    return () => onDecided(null)
  }, [decided, onDecided])

  return (
    <aside aria-label="Try it" className="card flex flex-col gap-4 self-start p-4 xl:sticky xl:top-6">
      <h2 className="font-semibold">Try it</h2>
      <ContextInput text={text} onChange={setText} />
      <div role="status" className="flex flex-col gap-3">
        {decision && 'problem' in decision && (
          <p className="text-ink-2">Not decided: the draft is unfinished ({decision.problem}).</p>
        )}
        {decision && 'evaluation' in decision && (
          <Outcome evaluation={decision.evaluation} variants={Object.keys(flag.variants)} />
        )}
        <ol className="flex flex-col gap-1.5 text-sm">
          {lines.map((line) => (
            <Step key={`${line.place}: ${line.text}`} line={line} />
          ))}
        </ol>
        {targeting.prerequisites.length > 0 && (
          <p className="text-ink-3 text-sm">Flags that this one needs are taken as serving what it needs.</p>
        )}
      </div>
    </aside>
  )
}

function Outcome({ evaluation, variants }: { evaluation: Evaluation; variants: readonly string[] }) {
  if (evaluation.reason === 'ERROR')
    return (
      <p>
        <strong className="block font-semibold text-lg">The default in the code</strong>
        <span className="text-ink-2">
          {evaluation.errorCode}: {evaluation.errorMessage}
        </span>
      </p>
    )
  return (
    <div>
      <p className="text-lg">
        {evaluation.variant === undefined ? (
          <strong className="font-semibold">The default in the code</strong>
        ) : (
          <VariantName variants={variants} variant={evaluation.variant} />
        )}
      </p>
      <code className="font-mono text-ink-3 text-xs">{evaluation.reason}</code>
    </div>
  )
}

function Step({ line: { label, text, decided } }: { line: TraceLine }) {
  return (
    <li className={cx('border-l-2 pl-2.5', decided ? 'border-accent text-ink' : 'text-ink-2')}>
      <span className="font-medium">{label}:</span> {text}
    </li>
  )
}
