'use client'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Kbd } from '@/app/_ui/kbd'
import { Switch } from '@/app/_ui/switch'
import { shortcutsOn, turnShortcuts } from '@/app/_ui/use-shortcuts'

const shortcuts: { keys: string[]; does: string }[] = [
  { keys: ['Ctrl', 'K'], does: 'Find or do anything (⌘ K on a Mac)' },
  { keys: ['/'], does: 'Search' },
  { keys: ['j', 'k'], does: 'Next and previous row' },
  { keys: ['Enter'], does: 'Open the row' },
  { keys: ['x'], does: 'Select the row' },
  { keys: ['1', '…', '9'], does: 'A view of the flags' },
  { keys: ['c'], does: 'Create' },
  { keys: ['f'], does: 'Go to flags' },
  { keys: ['t'], does: 'Try a flag with a context' },
  { keys: ['Alt', '↑', '↓'], does: 'Move a rule' },
  { keys: ['?'], does: 'These shortcuts' },
  { keys: ['Esc'], does: 'Close' },
]

function Preference() {
  const [on, setOn] = useState(shortcutsOn)
  const turn = (next: boolean) => {
    turnShortcuts(next)
    setOn(next)
  }
  return (
    <div className="mt-5 flex items-center gap-3 border-t pt-4">
      <Switch label="Single-key shortcuts" checked={on} onChange={turn} />
      <span>Single keys work on every page</span>
    </div>
  )
}

export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Keyboard shortcuts"
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <dl className="grid grid-cols-[1fr_auto] gap-y-2">
        {shortcuts.map(({ keys, does }) => (
          <div key={does} className="contents">
            <dt className="text-ink-2">{does}</dt>
            <dd className="flex justify-end gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <Preference />
    </Dialog>
  )
}
