'use client'
import { Plus, Trash2 } from 'lucide-react'
import { ConditionLines } from '@/app/_components/targeting/condition-lines'
import { newCondition } from '@/app/_components/targeting/conditions'
import { Block, type ConditionScope, Line, Problems } from '@/app/_components/targeting/line'
import { removeAt, replaceAt } from '@/app/_components/targeting/lists'
import { Button, IconButton } from '@/app/_ui/button'
import { SuggestInput } from '@/app/_ui/suggest-input'
import type { FieldProblem } from '@/lib/api-client'
import type { SegmentBody } from '@/lib/control/views'
import { MemberList } from './member-list'

type Props = {
  /** The key: what files of its lists are called. */
  segment: string
  body: SegmentBody
  scope: ConditionScope
  problems: readonly FieldProblem[]
  onChange: (body: SegmentBody) => void
}

/** The lines in the order in which they are asked: docs/evaluation.md. */
export function SegmentEditor({ segment, body, scope, problems, onChange }: Props) {
  const { by, included, excluded, any } = body
  const set = (change: Partial<SegmentBody>) => onChange({ ...body, ...change })
  const at = (path: string) =>
    problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`))
  return (
    <div className="card">
      <Block label="Excluded" wrong={at('excluded').length > 0}>
        <Line lead="Never">
          <MemberList
            label="Excluded"
            file={`${segment}-excluded`}
            by={by}
            ids={excluded}
            problems={at('excluded')}
            onChange={(ids) => set({ excluded: ids })}
          />
        </Line>
      </Block>
      <Block label="Included" wrong={at('included').length > 0}>
        <Line lead="Always">
          <MemberList
            label="Included"
            file={`${segment}-included`}
            by={by}
            ids={included}
            problems={at('included')}
            onChange={(ids) => set({ included: ids })}
          />
        </Line>
      </Block>
      {any.map((condition, index) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
          key={index}
          label={`Condition ${index + 1}`}
          wrong={at(`any.${index}`).length > 0}
        >
          <div className="flex items-center gap-2">
            <span className="flex size-5 items-center justify-center rounded-sm bg-accent-soft font-semibold text-accent-ink text-xs">
              {index + 1}
            </span>
            <span className="flex-1 font-medium">
              {index === 0 ? 'Everyone who matches' : 'Or everyone who matches'}
            </span>
            <IconButton
              label={`Delete condition ${index + 1}`}
              size="sm"
              onClick={() => set({ any: removeAt(any, index) })}
            >
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </div>
          <ConditionLines
            when={condition}
            path={`any.${index}`}
            scope={scope}
            problems={problems}
            onChange={(next) => set({ any: replaceAt(any, index, next) })}
          />
        </Block>
      ))}
      <Block label="New condition">
        <Line>
          <Button size="sm" onClick={() => set({ any: [...any, newCondition()] })}>
            <Plus size={14} aria-hidden /> {any.length === 0 ? 'Add a condition' : 'Or another condition'}
          </Button>
        </Line>
        <Problems problems={problems.filter(({ path }) => path === 'any')} />
      </Block>
      <Block label="Lists" wrong={at('by').length > 0}>
        <Line lead="Lists" problems={at('by')}>
          <span className="text-ink-2">hold values of</span>
          <SuggestInput
            label="Attribute of the lists"
            value={by}
            suggestions={scope.attributes}
            onChange={(next) => set({ by: next })}
            invalid={at('by').length > 0}
          />
        </Line>
      </Block>
    </div>
  )
}
