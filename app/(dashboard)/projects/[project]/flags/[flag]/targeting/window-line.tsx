'use client'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Line } from '@/app/_components/targeting/line'
import { Badge } from '@/app/_ui/badge'
import { IconButton } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { inputClass } from '@/app/_ui/field'
import { Select } from '@/app/_ui/select'
import type { FieldProblem } from '@/lib/api-client'
import type { StoredRule } from '@/lib/control/views'
import { describeWindow, windowProblem, windowState } from '@/lib/rule-window'
import { instantOf, typedOf, useClock, type Zone } from './wall-time'

type Props = {
  place: number
  rule: StoredRule
  /** Somebody has just asked for it: each time another number, 0 never. */
  asked: number
  problems: readonly FieldProblem[]
  onChange: (rule: StoredRule) => void
  onLeave: () => void
}

/** "from [1 Dec 2026 09:00] until [...] in [Europe/Berlin]": when a rule is asked. */
export function WindowLine({ place, rule, asked, problems, onChange, onLeave }: Props) {
  const clock = useClock()
  const [zone, setZone] = useState<Zone>('own')
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (asked > 0) first.current?.focus()
  }, [asked])
  const { from, until, ...always } = rule
  const set = (ends: { from?: string; until?: string }) => onChange({ ...always, ...ends })
  const ends = { ...(from && { from }), ...(until && { until }) }
  const write = (end: 'from' | 'until') => (typed: string) => {
    const { [end]: _, ...other } = ends
    set(typed === '' ? other : { ...other, [end]: instantOf(typed, zone) })
  }
  const own = windowProblem(rule)
  const wrong = own ? [{ path: 'until', message: own }, ...problems] : problems
  const state = clock && own === null && windowState(rule, clock.now)
  const field = (end: 'from' | 'until', label: string) => (
    <input
      ref={end === 'from' ? first : undefined}
      type="datetime-local"
      aria-label={`${label} of rule ${place}`}
      aria-invalid={(end === 'until' && wrong.length > 0) || undefined}
      value={clock ? typedOf(rule[end], zone) : ''}
      onChange={(event) => write(end)(event.target.value)}
      className={cx(inputClass, 'h-7 w-auto! px-2')}
    />
  )
  return (
    <Line lead="only" problems={wrong}>
      <span className="text-ink-2">from</span>
      {field('from', 'Start')}
      <span className="text-ink-2">until</span>
      {field('until', 'End')}
      <Select<Zone>
        label={`Time zone of the window of rule ${place}`}
        size="sm"
        value={zone}
        choices={[
          { value: 'own', label: clock?.zone ?? 'Your time' },
          { value: 'utc', label: 'UTC' },
        ]}
        onChange={setZone}
      />
      {state && <Badge>{state}</Badge>}
      <IconButton
        label={`At any time, rule ${place}`}
        size="sm"
        onClick={() => {
          set({})
          onLeave()
        }}
      >
        <X size={14} aria-hidden />
      </IconButton>
      {(from || until) && <span className="w-full text-ink-3 text-sm">{describeWindow(rule)}</span>}
    </Line>
  )
}
