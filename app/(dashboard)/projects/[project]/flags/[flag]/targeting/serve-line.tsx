'use client'
import { Percent, X } from 'lucide-react'
import { Line, type Scope } from '@/app/_components/targeting/line'
import { Button, IconButton } from '@/app/_ui/button'
import { PercentInput } from '@/app/_ui/percent-input'
import { SuggestInput } from '@/app/_ui/suggest-input'
import type { FieldProblem } from '@/lib/api-client'
import type { StoredRule } from '@/lib/control/views'
import { WHOLE } from '@/lib/describe'
import type { Condition, Rollout, Serve } from '@/lib/evaluation/types'
import { toPercentage, toSplit, unknownVariants, variantsOf } from './serves'
import { ShareBar } from './share-bar'
import { ShareHint } from './share-hint'
import { SplitLines } from './split-lines'
import { VariantSelect } from './variant-select'

const SPLIT = '(split)' // not a possible variant name: names begin with a letter or digit

type Props = {
  lead?: string
  serve: Serve
  scope: Scope
  /** The last line: it must serve everyone. */
  last?: boolean
  problems: readonly FieldProblem[]
  doubts?: readonly string[]
  /** The rules that are asked before this line. */
  earlier: readonly StoredRule[]
  /** Whom this line is about. */
  when: Condition
  /** Names this line among the others. */
  id: string
  onChange: (serve: Serve) => void
}

export function ServeLine({
  lead,
  serve,
  scope,
  last = false,
  earlier,
  when,
  id,
  onChange,
  ...props
}: Props) {
  const problems = [...props.problems, ...unknownVariants(variantsOf(serve), scope.variants)]
  const { variants, offVariant } = scope
  const place = { last, variants, offVariant }
  const splits = variants.length > 1 ? [{ value: SPLIT, label: 'a split of variants', divided: true }] : []
  const rollout = 'rollout' in serve ? serve.rollout : null
  const isSplit = rollout !== null && rollout.split.length > 1
  const set = (change: Partial<Rollout>) => rollout && onChange({ rollout: { ...rollout, ...change } })

  const choose = (variant: string) => {
    if (variant === SPLIT) return onChange(toSplit(serve, place))
    if (rollout) return set({ split: [{ variant, weight: WHOLE }] })
    onChange({ variant })
  }
  const single = rollout ? (rollout.split[0]?.variant ?? '') : 'variant' in serve ? serve.variant : ''

  return (
    <Line lead={lead} problems={problems} doubts={props.doubts}>
      <span className="text-ink-2">serve</span>
      <VariantSelect
        label="Variant to serve"
        value={isSplit ? SPLIT : single}
        variants={variants}
        extra={splits}
        onChange={choose}
        invalid={problems.length > 0}
      />
      {!rollout && (
        <Button size="sm" look="ghost" onClick={() => onChange(toPercentage(single, place))}>
          <Percent size={14} aria-hidden /> to a percentage
        </Button>
      )}
      {rollout && (
        <>
          <RolloutWords rollout={rollout} scope={scope} last={last} onChange={set} />
          <IconButton label="Serve it to everyone" size="sm" onClick={() => onChange({ variant: single })}>
            <X size={14} aria-hidden />
          </IconButton>
          <div className="w-full pt-1">
            <ShareBar rollout={rollout} variants={variants} onShare={(share) => set({ share })} />
          </div>
          <ShareHint serve={serve} when={when} earlier={earlier} salt={id} onChange={onChange} />
          {isSplit && (
            <SplitLines split={rollout.split} variants={variants} onChange={(split) => set({ split })} />
          )}
        </>
      )}
    </Line>
  )
}

const CONTINUE = '(continue)'

/** "to the first [25 %] of [targetingKey], the rest [continue]" */
function RolloutWords({
  rollout,
  scope,
  last,
  onChange,
}: {
  rollout: Rollout
  scope: Scope
  last: boolean
  onChange: (change: Partial<Rollout>) => void
}) {
  const { share, by, rest } = rollout
  const goOn = last ? [] : [{ value: CONTINUE, label: 'continue', divided: true }]
  return (
    <>
      <span className="text-ink-2">{share < WHOLE ? 'to the first' : 'to'}</span>
      <PercentInput label="Percentage" value={share} onChange={(next) => onChange({ share: next })} />
      <span className="text-ink-2">of</span>
      <SuggestInput
        label="Counted by"
        value={by ?? 'targetingKey'}
        suggestions={scope.attributes}
        onChange={(attribute) => onChange({ by: attribute === 'targetingKey' ? undefined : attribute })}
      />
      {share < WHOLE && (
        <>
          <span className="text-ink-2">the rest</span>
          <VariantSelect
            label="The rest"
            value={rest === 'continue' ? CONTINUE : rest.variant}
            variants={scope.variants}
            extra={goOn}
            onChange={(next) => onChange({ rest: next === CONTINUE ? 'continue' : { variant: next } })}
          />
        </>
      )}
    </>
  )
}
