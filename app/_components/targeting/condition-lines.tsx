'use client'
import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, IconButton } from '@/app/_ui/button'
import { Select } from '@/app/_ui/select'
import type { FieldProblem } from '@/lib/api-client'
import type { Condition } from '@/lib/evaluation/types'
import { ConditionLine } from './condition-line'
import { isLeaf, newCondition } from './conditions'
import {
  conditionOf,
  fits,
  type Group,
  type GroupKind,
  groupOf,
  isContrary,
  levelInside,
  newGroup,
  pathOfItem,
  rootOf,
  tooDeep,
} from './groups'
import { type ConditionScope, Line } from './line'
import { removeAt, replaceAt } from './lists'

const under = (problems: readonly FieldProblem[], path: string) =>
  problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`))

const joiners: Record<GroupKind, 'and' | 'or'> = { all: 'and', 'not all': 'and', any: 'or', none: 'or' }
const kindOf = { and: 'all', or: 'any' } as const
const words = [
  { value: 'and', label: 'and' },
  { value: 'or', label: 'or' },
] as const
const kinds = [
  { value: 'all', label: 'all of these' },
  { value: 'any', label: 'any of these' },
  { value: 'not all', label: 'not all of these' },
  { value: 'none', label: 'none of these' },
] as const

type Place = {
  /** Where the condition stands, as problems name it. */
  path: string
  scope: ConditionScope
  problems: readonly FieldProblem[]
}

/** "If [plan] [is one of] [pro, team] and ...": a condition as lines that can be changed in place, groups inside it. */
export function ConditionLines({
  when,
  onChange,
  ...place
}: Place & { when: Condition; onChange: (when: Condition) => void }) {
  const group = groupOf(when)
  if (group && isContrary(group))
    return <GroupLine lead="If" group={group} level={0} {...place} onChange={onChange} />
  const shown: Group = group ?? { kind: 'all', items: [when], bare: false }
  const set = (next: Group) => onChange(rootOf(next))
  const joiner = (
    <Select
      label="How these conditions go together"
      size="sm"
      value={joiners[shown.kind]}
      choices={words}
      onChange={(word) => set({ ...shown, kind: kindOf[word] })}
    />
  )
  return (
    <Items
      first="If"
      second={joiner}
      group={shown}
      level={0}
      pathOf={(index) => (group ? `${place.path}.${pathOfItem(group, index)}` : place.path)}
      {...place}
      onChange={set}
    />
  )
}

/** "[none of these]" and, inside, what they are. */
function GroupLine({
  lead,
  group,
  level,
  onChange,
  onRemove,
  ...place
}: Place & {
  lead: ReactNode
  group: Group
  /** How many groups are around it. */
  level: number
  onChange: (when: Condition) => void
  onRemove?: () => void
}) {
  const { path, problems } = place
  const pathOf = (index: number) => `${path}.${pathOfItem(group, index)}`
  const inside = group.items.map((_, index) => pathOf(index))
  const own = under(problems, path).filter(
    (problem) => !inside.some((each) => under([problem], each).length > 0),
  )
  const offered = kinds.filter(({ value }) => fits(conditionOf({ ...group, kind: value }), level))
  return (
    <Line lead={lead} problems={own}>
      <Select
        label="How this group decides"
        size="sm"
        value={group.kind}
        choices={offered}
        onChange={(kind) => onChange(conditionOf({ ...group, kind }))}
      />
      {onRemove && (
        <IconButton label="Remove this group" size="sm" onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
      <fieldset
        aria-label={kinds.find(({ value }) => value === group.kind)!.label}
        className="w-full min-w-0 border-l-2 pl-3 [--gutter:2rem]"
      >
        <Items
          group={group}
          level={level}
          pathOf={pathOf}
          {...place}
          onChange={(next) => onChange(conditionOf(next))}
        />
      </fieldset>
    </Line>
  )
}

/** The conditions of a group, and what adds another. */
function Items({
  first,
  second,
  group,
  level,
  pathOf,
  scope,
  problems,
  onChange,
}: Omit<Place, 'path'> & {
  first?: ReactNode
  /** Stands before the second line in place of the word. */
  second?: ReactNode
  group: Group
  level: number
  pathOf: (index: number) => string
  onChange: (group: Group) => void
}) {
  const { items, kind } = group
  const joiner = joiners[kind]
  const set = (next: Condition[]) => onChange({ ...group, items: next })
  const add = (item: Condition) => set([...items, item])
  const fitting = (item: Condition) =>
    !fits(conditionOf({ ...group, items: [...items, item] }), level) && tooDeep
  const label = (what: string) =>
    items.length === 0 ? what : [joiner, what !== 'condition' && `a ${what}`].filter(Boolean).join(' ')
  return (
    <>
      {items.length === 0 && (
        <Line lead={first}>
          <span className="text-ink-2">{joiner === 'and' ? 'anyone' : 'nobody'}</span>
        </Line>
      )}
      {items.map((item, index) => {
        const props = {
          lead: index === 0 ? first : index === 1 && second ? second : joiner,
          scope,
          onChange: (next: Condition) => set(replaceAt(items, index, next)),
          onRemove: () => set(removeAt(items, index)),
        }
        const path = pathOf(index)
        return isLeaf(item) ? (
          <ConditionLine
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
            key={index}
            condition={item}
            problems={under(problems, path)}
            {...props}
          />
        ) : (
          <GroupLine
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
            key={index}
            group={groupOf(item)!}
            level={levelInside(group, level)}
            path={path}
            problems={problems}
            {...props}
          />
        )
      })}
      <Line>
        <Button
          size="sm"
          look="ghost"
          disabledReason={fitting(newCondition())}
          onClick={() => add(newCondition())}
        >
          <Plus size={14} aria-hidden /> {label('condition')}
        </Button>
        {scope.segments.length > 0 && (
          <Button
            size="sm"
            look="ghost"
            disabledReason={fitting(newCondition())}
            onClick={() => add({ segment: scope.segments[0]! })}
          >
            <Plus size={14} aria-hidden /> {label('segment')}
          </Button>
        )}
        <Button
          size="sm"
          look="ghost"
          disabledReason={fitting(newGroup(kind))}
          onClick={() => add(newGroup(kind))}
        >
          <Plus size={14} aria-hidden /> {label('group')}
        </Button>
      </Line>
    </>
  )
}
