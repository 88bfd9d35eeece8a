'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/select'
import type { NewToken, TokenView } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'

const overlaps = [
  { value: '0', label: 'At once' },
  { value: '1', label: 'After an hour' },
  { value: '24', label: 'After a day' },
  { value: '168', label: 'After a week' },
] as const

type Overlap = (typeof overlaps)[number]['value']

export function RotateDialog({
  token,
  onClose,
  onRotated,
}: {
  token: TokenView
  onClose: () => void
  onRotated: (token: NewToken) => void
}) {
  const [overlap, setOverlap] = useState<Overlap>('24')
  const send = async () => {
    onRotated((await peopleApi.rotateToken(token.id, Number(overlap))).value)
  }
  return (
    <FormDialog
      onClose={onClose}
      title={`Rotate ${token.name}?`}
      description="You get a new token with the same roles. The old one works until you have put the new one in its place."
      confirm="Rotate token"
      onConfirm={send}
    >
      <Field label="The old token ends">
        {({ id }) => (
          <Select
            id={id}
            label="The old token ends"
            value={overlap}
            choices={overlaps}
            onChange={setOverlap}
          />
        )}
      </Field>
    </FormDialog>
  )
}
