'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { OneTimeLinkHelp, sentence } from '@/app/_components/one-time-link'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Field, TextInput } from '@/app/_ui/field'
import { api } from '@/lib/api-client'

/** Statuses that say that the link itself is used up, not that a field is wrong. */
const REFUSED = new Set([401, 403, 404, 409, 410])

export function SetupForm({ token }: { token: string }) {
  const router = useRouter()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { value } = await api.setup({ token, name, email })
    router.replace(value.redirect)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run()
  }

  if (problem && REFUSED.has(problem.status))
    return (
      <>
        <h1 className="font-semibold text-xl">This link no longer works</h1>
        <p role="alert" className="mt-1 mb-6 text-ink-2">
          {sentence(problem.detail)} Is someone set up already? Then a sign-in link is what you need.
        </p>
        <OneTimeLinkHelp />
      </>
    )
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <div>
        <h1 className="font-semibold text-xl">Welcome aboard</h1>
        <p className="mt-1 text-ink-2">
          You become the administrator. There is no password to choose: links like the one you followed sign
          you in, until you connect your own sign-on.
        </p>
      </div>
      <ProblemBanner problem={problem} shown={['name', 'email']} />
      <Field label="Your name" error={fieldError('name')} hint="Stands beside every change you make.">
        {(control) => (
          <TextInput
            {...control}
            required
            autoFocus
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="E-mail" error={fieldError('email')}>
        {(control) => (
          <TextInput
            {...control}
            required
            type="email"
            autoComplete="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" look="primary" size="lg" busy={busy}>
          Create my account
        </Button>
      </div>
    </form>
  )
}
