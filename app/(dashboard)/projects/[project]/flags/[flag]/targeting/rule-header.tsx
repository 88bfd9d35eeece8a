'use client'
import { Ellipsis, GripVertical } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Badge } from '@/app/_ui/badge'
import { Button, IconButton } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { Menu, MenuItem, MenuSeparator } from '@/app/_ui/menu'
import type { StoredRule } from '@/lib/control/views'

type Props = {
  rule: StoredRule
  place: number
  count: number
  handle: ComponentProps<'button'>
  onChange: (rule: StoredRule) => void
  onMove: (by: -1 | 1) => void
  onComment: () => void
  onWindow: () => void
  onDuplicate: () => void
  onRemove: () => void
}

/** The place of a rule, its name, and what can be done with it. */
export function RuleHeader({ rule, place, count, handle, onChange, onMove, ...on }: Props) {
  const { disabled, ...enabled } = rule
  return (
    <div className="-ml-3 flex items-center gap-2">
      <IconButton
        {...handle}
        label={`Move rule ${place}: drag, or Alt and an arrow`}
        size="sm"
        data-handle
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        className="-mr-1.5 w-6! cursor-grab touch-none text-ink-3! active:cursor-grabbing"
      >
        <GripVertical size={14} aria-hidden />
      </IconButton>
      <span
        className={cx(
          'flex size-5 shrink-0 items-center justify-center rounded-sm font-semibold text-xs',
          disabled ? 'border text-ink-2' : 'bg-accent-soft text-accent-ink',
        )}
      >
        {place}
      </span>
      <input
        aria-label={`Name of rule ${place}`}
        value={rule.name ?? ''}
        placeholder="Name this rule"
        maxLength={200}
        onChange={(event) => onChange({ ...rule, name: event.target.value || undefined })}
        className="h-7 min-w-0 flex-1 rounded-md border border-transparent bg-transparent px-1.5 font-medium transition-colors placeholder:font-normal hover:border-line-strong"
      />
      {disabled && (
        <>
          <Badge>Disabled</Badge>
          <Button size="sm" onClick={() => onChange(enabled)}>
            Enable
          </Button>
        </>
      )}
      <Menu
        trigger={
          <IconButton label={`More for rule ${place}`} size="sm">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem disabled={place === 1} onSelect={() => onMove(-1)}>
          Move up
        </MenuItem>
        <MenuItem disabled={place === count} onSelect={() => onMove(1)}>
          Move down
        </MenuItem>
        <MenuItem onSelect={on.onDuplicate}>Duplicate</MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={on.onComment}>{rule.comment ? 'Change the comment' : 'Add a comment'}</MenuItem>
        <MenuItem onSelect={on.onWindow}>
          {rule.from || rule.until ? 'Change the time window' : 'Add a time window'}
        </MenuItem>
        <MenuItem onSelect={() => onChange(disabled ? enabled : { ...rule, disabled: true })}>
          {disabled ? 'Enable' : 'Disable'}
        </MenuItem>
        <MenuSeparator />
        <MenuItem tone="danger" onSelect={on.onRemove}>
          Delete
        </MenuItem>
      </Menu>
    </div>
  )
}
