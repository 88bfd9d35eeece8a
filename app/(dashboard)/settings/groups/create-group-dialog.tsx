'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import { peopleApi } from '@/lib/people-client'

export function CreateGroupDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const [name, setName] = useState('')
  const send = async () => {
    await peopleApi.createGroup({ name })
    onCreated()
  }
  return (
    <FormDialog
      onClose={onClose}
      title="Create a group"
      confirm="Create group"
      shown={['name']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField value={name} onChange={setName} error={fieldError('name')} />
        </>
      )}
    </FormDialog>
  )
}
