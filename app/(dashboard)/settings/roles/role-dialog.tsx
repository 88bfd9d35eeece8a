'use client'
import { useState } from 'react'
import { keyFromName } from '@/app/_components/key-from-name'
import { PermissionChecklist } from '@/app/_components/people/permission-checklist'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, FieldError, TextInput } from '@/app/_ui/field'
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
  const { busy, problem, run, fieldError } = useAction(async () => {
    if (role) await peopleApi.updateRole(role.key, { name, permissions })
    else await peopleApi.createRole({ key: keyFromName(name), name, permissions })
    onSaved(name)
  })
  const tooFew = fieldError('permissions')
  return (
    <Dialog
      open
      onClose={onClose}
      shape="wide"
      title={role ? `Change ${role.name}` : 'Create a role'}
      description={role ? 'Whoever holds it may do this with their next request.' : undefined}
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {role ? 'Save role' : 'Create role'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name', 'key', 'permissions']} />
        <Field label="Name" error={fieldError('name') ?? fieldError('key')}>
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <PermissionChecklist value={permissions} onChange={setPermissions} />
        {tooFew && <FieldError>{tooFew}</FieldError>}
      </div>
    </Dialog>
  )
}
