'use client'
import { useEffect, useMemo, useState } from 'react'
import { leavesOf } from '@/app/_components/targeting/conditions'
import { VariantName } from '@/app/_components/variant'
import { cx } from '@/app/_ui/cx'
import { Field, TextArea } from '@/app/_ui/field'
import type { FlagView, Targeting, TargetingView } from '@/lib/control/views'
import { describeTrace, type TraceLine } from '@/lib/describe-trace'
import type { Evaluation, EvaluationContext } from '@/lib/evaluation/types'
import { decide } from './decide'
import { useRegex } from './use-regex'
import { useSegments } from './use-segments'

type Props = {
  project: string
  flag: FlagView
  published: TargetingView
  targeting: Targeting
  onDecided: (place: string | null) => void
}

/** Somebody to begin with: every attribute that the rules ask for has its place. */
function startingContext({ rules }: Targeting): string {
  const leaves = rules.flatMap((rule) => leavesOf(rule.when))
  const names = leaves.flatMap((leaf) =>
    'attribute' in leaf && !leaf.attribute.includes('.') ? [leaf.attribute] : [],
  )
  const blanks = Object.fromEntries(names.filter(Boolean).map((name) => [name, '']))
  return JSON.stringify({ ...blanks, targetingKey: 'user-1' }, null, 2)
}

function readContext(text: string): EvaluationContext | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as EvaluationContext)
      : null
  } catch {
    return null
  }
}

/** Who gets what, and why, decided in the page by the engine that providers run. */
export function TryIt({ project, flag, published, targeting, onDecided }: Props) {
  const [text, setText] = useState(() => startingContext(targeting))
  const context = useMemo(() => readContext(text), [text])
  const { segments, loading } = useSegments(project, targeting.rules)
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
      <Field label="Evaluation context" error={context ? undefined : 'This is not a JSON object yet'}>
        {(control) => (
          <TextArea
            {...control}
            rows={Math.min(12, text.split('\n').length + 1)}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="font-mono text-sm!"
          />
        )}
      </Field>
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
