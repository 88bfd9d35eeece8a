'use client'
import { CaseSensitive, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '@/app/_ui/button'
import { Select } from '@/app/_ui/select'
import { SuggestInput } from '@/app/_ui/suggest-input'
import type { FieldProblem } from '@/lib/api-client'
import type { AttributeCondition } from '@/lib/evaluation/types'
import { emptyList, faultsOf, ignoresCase, type Leaf, withOperator } from './conditions'
import { type ConditionScope, Line } from './line'
import { operatorChoices, type Phrase, phraseOf, readPhrase } from './operator-choices'
import { aboutSeen, doubtAbout, withAttribute } from './seen'
import { useRegex } from './use-regex'
import { ValuesInput } from './values-input'

type Props<T> = {
  lead: ReactNode
  condition: T
  scope: ConditionScope
  problems: readonly FieldProblem[]
  onChange: (condition: Leaf) => void
  onRemove: () => void
}

const segmentPhrases = [
  { value: 'in', label: 'in segment' },
  { value: 'not in', label: 'not in segment' },
] as const

export function ConditionLine({ condition, ...props }: Props<Leaf>) {
  return 'segment' in condition ? (
    <SegmentLine condition={condition} {...props} />
  ) : (
    <AttributeLine condition={condition} {...props} />
  )
}

function Remove({ onRemove }: { onRemove: () => void }) {
  return (
    <IconButton label="Remove this condition" size="sm" onClick={onRemove}>
      <X size={14} aria-hidden />
    </IconButton>
  )
}

function AttributeLine({ lead, condition, scope, problems, onChange, onRemove }: Props<AttributeCondition>) {
  const { op, ignoreCase = false } = condition
  const readable = useRegex(JSON.stringify(condition))
  const wrong = [...problems, ...(readable ? faultsOf(condition) : [])]
  const invalid = wrong.length > 0
  const phrase = phraseOf(condition)
  const doubts = [doubtAbout(condition.attribute, scope.seen), emptyList(condition)]
  const choose = (next: Phrase) => {
    const { op, negate } = readPhrase(next)
    onChange(withOperator(condition, op, negate))
  }
  const toggleCase = () => {
    const { ignoreCase: was, ...rest } = condition
    onChange(was ? rest : { ...rest, ignoreCase: true })
  }
  return (
    <Line lead={lead} problems={wrong} doubts={doubts.filter((doubt) => doubt !== null)}>
      <SuggestInput
        label="Attribute"
        placeholder="attribute"
        value={condition.attribute}
        suggestions={scope.attributes}
        describe={(name) => (Object.hasOwn(scope.seen, name) ? aboutSeen(scope.seen[name]!) : null)}
        onChange={(attribute) => onChange(withAttribute(condition, attribute, scope.seen))}
        invalid={invalid && condition.attribute === ''}
      />
      <Select<Phrase>
        label="Operator"
        size="sm"
        value={phrase}
        choices={operatorChoices(phrase)}
        onChange={choose}
      />
      <ValuesInput
        key={op}
        condition={condition}
        onChange={(values) => onChange({ ...condition, values })}
        invalid={invalid}
      />
      {ignoresCase(op) && (
        <IconButton
          label={ignoreCase ? 'Case is ignored: consider it' : 'Case is considered: ignore it'}
          size="sm"
          look={ignoreCase ? 'secondary' : 'ghost'}
          aria-pressed={ignoreCase}
          onClick={toggleCase}
        >
          <CaseSensitive size={16} aria-hidden />
        </IconButton>
      )}
      <Remove onRemove={onRemove} />
    </Line>
  )
}

function SegmentLine({
  lead,
  condition,
  scope,
  problems,
  onChange,
  onRemove,
}: Props<{ segment: string; negate?: boolean }>) {
  const { segment, negate = false } = condition
  const unknown = scope.segments.includes(segment) ? [] : [`There is no segment “${segment}”.`]
  return (
    <Line lead={lead} problems={problems} doubts={unknown}>
      <Select
        label="In or not in the segment"
        size="sm"
        value={negate ? 'not in' : 'in'}
        choices={segmentPhrases}
        onChange={(phrase) => onChange({ segment, ...(phrase === 'not in' && { negate: true }) })}
      />
      <Select
        label="Segment"
        size="sm"
        value={segment}
        placeholder="choose a segment"
        choices={scope.segments.map((key) => ({ value: key, label: key }))}
        onChange={(next) => onChange({ ...condition, segment: next })}
        invalid={problems.length > 0}
      />
      <Remove onRemove={onRemove} />
    </Line>
  )
}
