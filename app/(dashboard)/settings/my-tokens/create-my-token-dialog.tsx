'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import { PermissionChecklist } from '@/app/_components/people/permission-checklist'
import { FieldError } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import type { NewToken } from '@/lib/control/people/views'
import type { Permission } from '@/lib/control/roles'
import { peopleApi } from '@/lib/people-client'

const bounds = [
  { value: 'all', label: 'All that I may' },
  { value: 'some', label: 'A part of it' },
] as const

type Bound = (typeof bounds)[number]['value']

export function CreateMyTokenDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void
  onCreated: (token: NewToken) => void
}) {
  const [name, setName] = useState('')
  const [bound, setBound] = useState<Bound>('all')
  const [scopes, setScopes] = useState<Permission[]>([])
  const send = async () => {
    const body = { name, ...(bound === 'some' && { scopes }) }
    onCreated((await peopleApi.createMyToken(body)).value)
  }
  return (
    <FormDialog
      onClose={onClose}
      shape={bound === 'some' ? 'wide' : 'dialog'}
      title="Create a personal token"
      confirm="Create token"
      shown={['name', 'scopes']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField
            value={name}
            onChange={setName}
            error={fieldError('name')}
            hint="The script or machine that will use it."
          />
          <Segmented label="It may do" value={bound} choices={bounds} onChange={setBound} />
          {bound === 'some' && <PermissionChecklist value={scopes} onChange={setScopes} />}
          {fieldError('scopes') && <FieldError>{fieldError('scopes')}</FieldError>}
        </>
      )}
    </FormDialog>
  )
}
