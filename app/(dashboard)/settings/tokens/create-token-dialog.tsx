'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import type { PlaceProject } from '@/app/_components/people/places'
import { RoleFields } from '@/app/_components/people/role-fields'
import type { NewToken, RoleDefinition } from '@/lib/control/people/views'
import { peopleApi, type RoleAt } from '@/lib/people-client'

export function CreateTokenDialog({
  roles,
  projects,
  onClose,
  onCreated,
}: {
  roles: readonly RoleDefinition[]
  projects: readonly PlaceProject[]
  onClose: () => void
  onCreated: (token: NewToken) => void
}) {
  const [name, setName] = useState('')
  const [at, setAt] = useState<RoleAt>({ role: 'viewer' })
  const send = async () => {
    onCreated((await peopleApi.createToken({ name, grants: [at] })).value)
  }
  return (
    <FormDialog
      onClose={onClose}
      title="Create a service token"
      confirm="Create token"
      shown={['name']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField
            value={name}
            onChange={setName}
            error={fieldError('name')}
            hint="The machine that will use it."
          />
          <RoleFields value={at} onChange={setAt} roles={roles} projects={projects} />
        </>
      )}
    </FormDialog>
  )
}
