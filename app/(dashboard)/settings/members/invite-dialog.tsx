'use client'
import { useState } from 'react'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
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
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { value } = await peopleApi.invite({ name, email })
    onInvited(value)
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Invite somebody"
      description="You get a link to send them. They hold no role until you give them one."
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Invite
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name', 'email']} />
        <Field label="Name" error={fieldError('name')}>
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
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
      </div>
    </Dialog>
  )
}
