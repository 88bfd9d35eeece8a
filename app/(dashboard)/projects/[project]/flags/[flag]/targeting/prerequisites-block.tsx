'use client'
import { X } from 'lucide-react'
import { Block, Line } from '@/app/_components/targeting/line'
import { removeAt } from '@/app/_components/targeting/lists'
import { IconButton } from '@/app/_ui/button'
import type { FieldProblem } from '@/lib/api-client'
import type { Prerequisite } from '@/lib/evaluation/types'

/** Flags that must serve something first. Written as JSON, read and removed here. */
export function PrerequisitesBlock({
  prerequisites,
  problems,
  onChange,
}: {
  prerequisites: readonly Prerequisite[]
  problems: readonly FieldProblem[]
  onChange: (prerequisites: Prerequisite[]) => void
}) {
  if (prerequisites.length === 0) return null
  return (
    <Block label="Needs" wrong={problems.length > 0}>
      {prerequisites.map(({ flag, variants }, index) => (
        <Line key={flag} lead={index === 0 ? 'Needs' : 'and'} problems={index === 0 ? problems : []}>
          <code className="font-mono text-sm">{flag}</code>
          <span className="text-ink-2">to be serving</span>
          <span className="font-medium">{variants.join(' or ')}</span>
          <IconButton
            label={`No longer need ${flag}`}
            size="sm"
            onClick={() => onChange(removeAt(prerequisites, index))}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </Line>
      ))}
    </Block>
  )
}
