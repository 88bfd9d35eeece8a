'use client'
import { useState } from 'react'
import type { PlaceProject } from '@/app/_components/people/places'
import { RoleFields } from '@/app/_components/people/role-fields'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextInput } from '@/app/_ui/field'
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
  const { busy, problem, run, fieldError } = useAction(async () => {
    onCreated((await peopleApi.createToken({ name, grants: [at] })).value)
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create a service token"
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Create token
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name']} />
        <Field label="Name" error={fieldError('name')} hint="The machine that will use it.">
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <RoleFields value={at} onChange={setAt} roles={roles} projects={projects} />
      </div>
    </Dialog>
  )
}
