'use client'
import { useState } from 'react'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextInput } from '@/app/_ui/field'
import type { SavedView } from '@/lib/control/views'

type Fields = { name: string; shared: boolean }

/** A name for what the list shows; for a view that is there, another one. */
export function ViewDialog({
  view,
  mayShare,
  onSave,
  onClose,
}: {
  /** Null: a new one. */
  view: SavedView | null
  mayShare: boolean
  onSave: (fields: Fields) => Promise<void>
  onClose: () => void
}) {
  const [name, setName] = useState(view?.name ?? '')
  const [shared, setShared] = useState(false)
  const { busy, problem, run, fieldError } = useAction(() => onSave({ name, shared }))
  return (
    <Dialog
      open
      onClose={onClose}
      title={view ? `Rename ${view.name}` : 'Save as view'}
      description={view ? undefined : 'The search, the order and the columns, by a name of your own.'}
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {view ? 'Rename' : 'Save'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name']} />
        <Field label="Name" error={fieldError('name')}>
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              value={name}
              maxLength={200}
              placeholder="Beta of the checkout"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {!view && mayShare && (
          <label className="flex items-center gap-2.5">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={shared}
              onChange={(event) => setShared(event.target.checked)}
            />
            Everybody in the project sees it
          </label>
        )}
      </div>
    </Dialog>
  )
}
