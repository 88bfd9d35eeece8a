'use client'
import { useState } from 'react'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
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
  const { busy, problem, run } = useAction(async () => {
    onRotated((await peopleApi.rotateToken(token.id, Number(overlap))).value)
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rotate ${token.name}?`}
      description="You get a new token with the same roles. The old one works until you have put the new one in its place."
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Rotate token
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} />
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
      </div>
    </Dialog>
  )
}
