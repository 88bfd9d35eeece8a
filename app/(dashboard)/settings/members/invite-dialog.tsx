'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import { Field, TextInput } from '@/app/_ui/field'
import { peopleApi } from '@/lib/people-client'

export function InviteDialog({
  onClose,
  onInvited,
}: {
  onClose: () => void
  onInvited: (invited: { name: string; link: string }) => void
}) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const send = async () => {
    const { value } = await peopleApi.invite({ name, email })
    onInvited(value)
  }
  return (
    <FormDialog
      onClose={onClose}
      title="Invite somebody"
      description="You get a link to send them. They hold no role until you give them one."
      confirm="Invite"
      shown={['name', 'email']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField value={name} onChange={setName} error={fieldError('name')} />
          <Field label="E-mail" error={fieldError('email')}>
            {(control) => (
              <TextInput
                {...control}
                type="email"
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  )
}
