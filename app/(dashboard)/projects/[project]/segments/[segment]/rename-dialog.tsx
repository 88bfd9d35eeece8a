'use client'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextInput } from '@/app/_ui/field'

/** Another name, as part of the draft: it is saved with whatever else was changed. */
export function RenameDialog({
  name,
  onRename,
  onClose,
}: {
  name: string
  onRename: (name: string) => void
  onClose: () => void
}) {
  const [next, setNext] = useState(name)
  const [asked, setAsked] = useState(false)
  const blank = next.trim() === ''
  const submit = () => {
    setAsked(true)
    if (!blank) onRename(next.trim())
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rename ${name}`}
      description="The key that rules name stays as it is."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Rename
          </Button>
        </>
      }
    >
      <Field label="Name" error={asked && blank ? 'a name is needed' : undefined}>
        {(control) => (
          <TextInput
            {...control}
            autoFocus
            maxLength={200}
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  )
}
