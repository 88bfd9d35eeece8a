import { ArrowUpDown, Minus, PencilLine, Plus } from 'lucide-react'
import type { Change } from '@/lib/describe-changes'

const marks: Record<Change['kind'], { icon: typeof Plus; label: string }> = {
  added: { icon: Plus, label: 'Added' },
  removed: { icon: Minus, label: 'Removed' },
  changed: { icon: PencilLine, label: 'Changed' },
  moved: { icon: ArrowUpDown, label: 'Moved' },
}

export function ChangeList({ changes }: { changes: readonly Change[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {changes.map(({ kind, text }) => {
        const { icon: Icon, label } = marks[kind]
        return (
          <li key={text} className="flex items-start gap-2.5">
            <span className="flex h-5 shrink-0 items-center text-ink-3">
              <Icon size={14} aria-label={label} />
            </span>
            <span className="min-w-0 break-words">{text}</span>
          </li>
        )
      })}
    </ul>
  )
}
