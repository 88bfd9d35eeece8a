'use client'
import { type FormEvent, useState } from 'react'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Field, TextInput } from '@/app/_ui/field'
import { ssoApi } from '@/lib/sso-client'

/** For when no identity provider answers: an admin by a passphrase that is kept in a safe. */
export function BreakGlassForm({ next }: { next: string | undefined }) {
  const [passphrase, setPassphrase] = useState('')
  const [reason, setReason] = useState('')
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { value } = await ssoApi.breakGlass({ passphrase, reason, next })
    window.location.assign(value.redirect)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run()
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <p className="text-ink-2">
        An admin for an hour, when nothing else works. Each try stands in the log and in the audit trail.
      </p>
      <ProblemBanner problem={problem} shown={['passphrase', 'reason']} />
      <Field label="Passphrase" error={fieldError('passphrase')}>
        {(control) => (
          <TextInput
            {...control}
            type="password"
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        )}
      </Field>
      <Field label="Why" error={fieldError('reason')} hint="Stands in the audit trail.">
        {(control) => (
          <TextInput {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <div>
        <Button type="submit" look="danger" busy={busy}>
          Break the glass
        </Button>
      </div>
    </form>
  )
}
