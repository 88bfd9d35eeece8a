'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { FoundPeople } from '@/app/_components/people/found-people'
import { RoleFields } from '@/app/_components/people/role-fields'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import { Select } from '@/app/_ui/select'
import type { RoleDefinition } from '@/lib/control/people/views'
import type { ProjectView } from '@/lib/control/views'
import { type Holder, peopleApi, type RoleAt } from '@/lib/people-client'

const kinds = [
  { value: 'person', label: 'Person' },
  { value: 'group', label: 'Group' },
] as const

export function GiveRoleDialog({
  project,
  roles,
  groups,
  onClose,
  onGiven,
}: {
  project: ProjectView
  roles: readonly RoleDefinition[]
  groups: readonly { id: string; name: string }[]
  onClose: () => void
  onGiven: (name: string) => void
}) {
  const [kind, setKind] = useState<'person' | 'group'>('person')
  const [holder, setHolder] = useState<Holder | null>(null)
  const [at, setAt] = useState<RoleAt>({ role: 'viewer' })
  const send = async () => {
    if (!holder) return
    await peopleApi.grantInProject(project.key, holder, at)
    onGiven(holder.name)
  }
  return (
    <FormDialog
      onClose={onClose}
      title={`Give a role in ${project.name}`}
      confirm="Give role"
      blocked={holder ? null : 'Choose who gets it'}
      onConfirm={send}
    >
      {holder ? (
        <div className="flex min-h-10 items-center gap-2 rounded-md border px-3">
          <span className="min-w-0 flex-1 font-medium">{holder.name}</span>
          <Button size="sm" look="ghost" onClick={() => setHolder(null)}>
            Somebody else
          </Button>
        </div>
      ) : (
        <>
          <Segmented label="Who" value={kind} choices={kinds} onChange={setKind} />
          {kind === 'person' ? (
            <FoundPeople
              except={[]}
              project={project.key}
              action="Choose"
              onChoose={({ id, name }) => setHolder({ kind: 'person', id, name })}
            />
          ) : (
            <Field label="Group" hint={groups.length === 0 && 'There are no groups yet.'}>
              {({ id }) => (
                <Select
                  id={id}
                  label="Group"
                  value=""
                  choices={groups.map((group) => ({ value: group.id, label: group.name }))}
                  onChange={(chosen) => {
                    const group = groups.find((one) => one.id === chosen)
                    if (group) setHolder({ kind: 'group', ...group })
                  }}
                />
              )}
            </Field>
          )}
        </>
      )}
      <RoleFields value={at} onChange={setAt} roles={roles} projects={[project]} project={project.key} />
    </FormDialog>
  )
}
