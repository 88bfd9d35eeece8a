'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { keyFromName } from '@/app/_components/key-from-name'
import { NameField } from '@/app/_components/name-field'
import { PermissionChecklist } from '@/app/_components/people/permission-checklist'
import { FieldError } from '@/app/_ui/field'
import type { RoleDefinition } from '@/lib/control/people/views'
import type { Permission } from '@/lib/control/roles'
import { peopleApi } from '@/lib/people-client'

/** A new role, or one that changes for all who hold it. */
export function RoleDialog({
  role,
  onClose,
  onSaved,
}: {
  role: RoleDefinition | null
  onClose: () => void
  onSaved: (name: string) => void
}) {
  const [name, setName] = useState(role?.name ?? '')
  const [permissions, setPermissions] = useState<Permission[]>([...(role?.permissions ?? [])])
  const send = async () => {
    if (role) await peopleApi.updateRole(role.key, { name, permissions })
    else await peopleApi.createRole({ key: keyFromName(name), name, permissions })
    onSaved(name)
  }
  return (
    <FormDialog
      onClose={onClose}
      shape="wide"
      title={role ? `Change ${role.name}` : 'Create a role'}
      description={role ? 'Whoever holds it may do this with their next request.' : undefined}
      confirm={role ? 'Save role' : 'Create role'}
      shown={['name', 'key', 'permissions']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField value={name} onChange={setName} error={fieldError('name') ?? fieldError('key')} />
          <PermissionChecklist value={permissions} onChange={setPermissions} />
          {fieldError('permissions') && <FieldError>{fieldError('permissions')}</FieldError>}
        </>
      )}
    </FormDialog>
  )
}
