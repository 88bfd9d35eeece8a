'use client'
import { useState } from 'react'
import { PermissionChecklist } from '@/app/_components/people/permission-checklist'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, FieldError, TextInput } from '@/app/_ui/field'
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
  const { busy, problem, run, fieldError } = useAction(async () => {
    const body = { name, ...(bound === 'some' && { scopes }) }
    onCreated((await peopleApi.createMyToken(body)).value)
  })
  const tooFew = fieldError('scopes')
  return (
    <Dialog
      open
      onClose={onClose}
      shape={bound === 'some' ? 'wide' : 'dialog'}
      title="Create a personal token"
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
        <ProblemBanner problem={problem} shown={['name', 'scopes']} />
        <Field label="Name" error={fieldError('name')} hint="The script or machine that will use it.">
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Segmented label="It may do" value={bound} choices={bounds} onChange={setBound} />
        {bound === 'some' && <PermissionChecklist value={scopes} onChange={setScopes} />}
        {tooFew && <FieldError>{tooFew}</FieldError>}
      </div>
    </Dialog>
  )
}
