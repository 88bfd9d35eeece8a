'use client'
import { Plus, X } from 'lucide-react'
import { Block, Line, type Scope } from '@/app/_components/targeting/line'
import { removeAt, replaceAt } from '@/app/_components/targeting/lists'
import { Button, IconButton } from '@/app/_ui/button'
import { TokenInput } from '@/app/_ui/token-input'
import type { FieldProblem } from '@/lib/api-client'
import type { Target } from '@/lib/evaluation/types'
import { unknownVariants } from './serves'
import { VariantSelect } from './variant-select'

type Props = {
  targets: readonly Target[]
  scope: Scope
  problems: readonly FieldProblem[]
  lit: boolean
  onChange: (targets: Target[]) => void
}

/** People who always get the same, whatever the rules below say. */
export function TargetsBlock({ targets, scope, problems, lit, onChange }: Props) {
  const unused = scope.variants.find((variant) => !targets.some((target) => target.variant === variant))
  const add = () =>
    onChange([...targets, { variant: unused ?? scope.variants[0]!, by: 'targetingKey', values: [] }])
  const at = (index: number) => [
    ...problems.filter(({ path }) => `${path}.`.startsWith(`targets.${index}.`)),
    ...unknownVariants([targets[index]!.variant], scope.variants),
  ]
  return (
    <Block label="Individuals" wrong={problems.length > 0} lit={lit}>
      {targets.map((target, index) => {
        const set = (change: Partial<Target>) => onChange(replaceAt(targets, index, { ...target, ...change }))
        return (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
            key={index}
            lead={index === 0 ? 'Always' : 'and'}
            problems={at(index)}
          >
            <span className="text-ink-2">serve</span>
            <VariantSelect
              label="Variant for these individuals"
              value={target.variant}
              variants={scope.variants}
              onChange={(variant) => set({ variant })}
            />
            <span className="text-ink-2">
              to {target.by !== 'targetingKey' && <>whoever has {target.by}</>}
            </span>
            <TokenInput
              label="Individuals"
              placeholder="add targeting keys"
              tokens={target.values.map((value) => ({ id: value, text: value }))}
              onAdd={(added) => set({ values: [...new Set([...target.values, ...added])] })}
              onRemove={(i) => set({ values: removeAt(target.values, i) })}
              invalid={at(index).length > 0}
            />
            <IconButton label="Remove this line" size="sm" onClick={() => onChange(removeAt(targets, index))}>
              <X size={14} aria-hidden />
            </IconButton>
          </Line>
        )
      })}
      <Line lead={targets.length === 0 ? 'Always' : undefined}>
        <Button size="sm" look="ghost" onClick={add}>
          <Plus size={14} aria-hidden />{' '}
          {targets.length === 0 ? 'serve a variant to individuals' : 'another variant'}
        </Button>
      </Line>
    </Block>
  )
}
