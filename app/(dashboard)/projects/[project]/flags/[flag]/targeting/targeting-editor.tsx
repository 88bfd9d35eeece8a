'use client'
import { Plus } from 'lucide-react'
import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { newCondition } from '@/app/_components/targeting/conditions'
import { Block, Line, type Scope } from '@/app/_components/targeting/line'
import { moveTo, removeAt, replaceAt } from '@/app/_components/targeting/lists'
import { Swatch } from '@/app/_components/variant'
import { Button } from '@/app/_ui/button'
import { Select } from '@/app/_ui/select'
import type { StoredRule, Targeting } from '@/lib/control/views'
import { doubtsAbout } from '@/lib/doubts'
import { PrerequisitesBlock } from './prerequisites-block'
import { problemsOf, problemsOfRule, type Refusal } from './problems'
import { RuleBlock } from './rule-block'
import { ServeLine } from './serve-line'
import { unknownVariants } from './serves'
import { TargetsBlock } from './targets-block'
import { lineOf, useRuleDrag } from './use-rule-drag'

const NOTHING = '(default)' // not a possible variant name

const EVERYBODY = { all: [] }

type Props = {
  project: string
  /** The flag that is edited. */
  flag: string
  targeting: Targeting
  scope: Scope
  refusal: Refusal | null
  /** The line that decides for whom is being tried, as `TraceLine` names it. */
  lit: string | null
  onChange: (targeting: Targeting) => void
}

const newId = () => `r-${crypto.randomUUID().slice(0, 8)}`

const newRule = (variants: readonly string[]): StoredRule => ({
  id: newId(),
  when: newCondition(),
  serve: { variant: variants[0]! },
})

/** React moves the DOM of a moved rule, and the browser drops the focus in it: it is put back. */
function useMovedFocus() {
  const moved = useRef<string | null>(null)
  useLayoutEffect(() => {
    if (moved.current === null) return
    document.querySelector<HTMLElement>(moved.current)?.focus()
    moved.current = null
  })
  return (rule: StoredRule) => {
    moved.current = `[data-rule="${rule.id}"] [data-handle]`
  }
}

/** The lines in the order in which they are asked: docs/evaluation.md. */
export function TargetingEditor({ project, flag, targeting, scope, refusal, lit, onChange }: Props) {
  const [said, setSaid] = useState('')
  const followFocus = useMovedFocus()
  const { offVariant, rules } = targeting
  const set = (change: Partial<Targeting>) => onChange({ ...targeting, ...change })
  const wrong = (line: Parameters<typeof problemsOf>[1]) => problemsOf(refusal, line, targeting)

  const moveRule = (from: number, to: number) => {
    if (to < 0) return setSaid('This rule is the first already')
    if (to >= rules.length) return setSaid('This rule is the last already')
    followFocus(rules[from]!)
    setSaid(`Rule moved to place ${to + 1} of ${rules.length}`)
    set({ rules: moveTo(rules, from, to) })
  }
  const { list, drag, handle } = useRuleDrag(moveRule)
  const line = lineOf(drag)
  const asked = useDeferredValue(rules)
  const doubts = useMemo(() => new Map(doubtsAbout(asked).map((all, i) => [asked[i], all])), [asked])

  const duplicateRule = (index: number) => {
    const rule = rules[index]!
    const copy = { ...rule, id: newId(), ...(rule.name && { name: `${rule.name} (copy)`.slice(0, 200) }) }
    setSaid(`Rule duplicated to place ${index + 2} of ${rules.length + 1}`)
    set({ rules: rules.toSpliced(index + 1, 0, copy) })
  }

  return (
    <div ref={list} className="card">
      <Block label="When off" wrong={wrong('offVariant').length > 0} lit={lit === 'offVariant'}>
        <Line
          lead="When off"
          problems={[
            ...wrong('offVariant'),
            ...unknownVariants(offVariant === null ? [] : [offVariant], scope.variants),
          ]}
        >
          <span className="text-ink-2">serve</span>
          <Select
            label="Variant when off"
            size="sm"
            value={offVariant ?? NOTHING}
            choices={[
              ...scope.variants.map((variant) => ({
                value: variant,
                label: variant,
                mark: <Swatch variants={scope.variants} variant={variant} />,
              })),
              { value: NOTHING, label: 'the default in the code', divided: true },
            ]}
            onChange={(next) => set({ offVariant: next === NOTHING ? null : next })}
          />
        </Line>
      </Block>
      <PrerequisitesBlock
        project={project}
        flag={flag}
        prerequisites={targeting.prerequisites}
        problems={wrong('prerequisites')}
        onChange={(prerequisites) => set({ prerequisites })}
      />
      <TargetsBlock
        targets={targeting.targets}
        lit={lit === 'targets'}
        scope={scope}
        problems={wrong('targets')}
        onChange={(targets) => set({ targets })}
      />
      {rules.map((rule, index) => (
        <RuleBlock
          key={rule.id}
          rule={rule}
          index={index}
          count={rules.length}
          earlier={rules.slice(0, index)}
          lit={lit === rule.id}
          scope={scope}
          problems={problemsOfRule(refusal, rule)}
          doubts={doubts.get(rule) ?? []}
          held={drag?.from === index}
          drop={line === index ? 'above' : line === rules.length && line === index + 1 ? 'below' : null}
          handle={handle(index)}
          onChange={(next) => set({ rules: replaceAt(rules, index, next) })}
          onMove={(by) => moveRule(index, index + by)}
          onDuplicate={() => duplicateRule(index)}
          onRemove={() => set({ rules: removeAt(rules, index) })}
        />
      ))}
      <Block label="New rule">
        <Line>
          <Button size="sm" onClick={() => set({ rules: [...rules, newRule(scope.variants)] })}>
            <Plus size={14} aria-hidden /> Add rule
          </Button>
        </Line>
      </Block>
      <Block label="Otherwise" wrong={wrong('fallthrough').length > 0} lit={lit === 'fallthrough'}>
        <ServeLine
          lead="Otherwise"
          id="otherwise"
          earlier={rules}
          when={EVERYBODY}
          last
          serve={targeting.fallthrough}
          scope={scope}
          problems={wrong('fallthrough')}
          onChange={(fallthrough) => set({ fallthrough })}
        />
      </Block>
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  )
}
