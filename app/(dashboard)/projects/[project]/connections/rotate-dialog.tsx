'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { Select } from '@/app/_ui/select'
import { api, type CreatedKey } from '@/lib/api-client'
import type { KeyView } from '@/lib/control/views'

const overlaps = [
  { value: '0', label: 'Ends at once' },
  { value: '1', label: 'Works for an hour more' },
  { value: '24', label: 'Works for a day more' },
  { value: '168', label: 'Works for a week more' },
] as const

/** A new key like the old one; the old one works on for as long as it takes to change it everywhere. */
export function RotateDialog({
  where,
  rotated,
  onClose,
  onRotated,
}: {
  where: { project: string; environment: string }
  rotated: KeyView
  onClose: () => void
  onRotated: (key: CreatedKey) => void
}) {
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]['value']>('24')
  const send = async () => {
    const { value } = await api.rotateKey({ ...where, id: rotated.id }, { overlapHours: Number(overlap) })
    onRotated(value)
  }
  return (
    <FormDialog
      onClose={onClose}
      title={`Rotate ${rotated.name}`}
      description="A new key of the same kind, name and origins is made, and shown once. Put it in wherever the old one is."
      confirm="Make the new key"
      onConfirm={send}
    >
      <div className="flex flex-col gap-1.5">
        <span className="font-medium text-sm">The old key</span>
        <div>
          <Select label="The old key" value={overlap} choices={overlaps} onChange={setOverlap} />
        </div>
        <p className="text-ink-3 text-sm">
          {overlap === '0'
            ? 'Applications that use it are disconnected at once, and go on with the last flags they know.'
            : 'Both work until then. “Last used” says when nothing uses the old one any more.'}
        </p>
      </div>
    </FormDialog>
  )
}
