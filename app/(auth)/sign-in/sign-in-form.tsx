'use client'
import { useRouter } from 'next/navigation'
import type { FormEvent } from 'react'
import { OneTimeLinkHelp, sentence } from '@/app/_components/one-time-link'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { api } from '@/lib/api-client'

/** A button and not a redirect: a mail scanner that opens the link must not use it up. */
export function SignInForm({ token }: { token: string }) {
  const router = useRouter()
  const { busy, problem, run } = useAction(async () => {
    const { value } = await api.signIn({ token })
    router.replace(value.redirect)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run()
  }

  if (problem && problem.status !== 0)
    return (
      <>
        <h1 className="font-semibold text-xl">This link did not sign you in</h1>
        <p role="alert" className="mt-1 mb-6 text-ink-2">
          {sentence(problem.detail)}
        </p>
        <OneTimeLinkHelp />
      </>
    )
  return (
    <form onSubmit={submit}>
      <h1 className="font-semibold text-xl">Sign in</h1>
      <p className="mt-1 mb-6 text-ink-2">
        {problem?.detail ?? 'This link works once. Continue on the browser you want to work in.'}
      </p>
      <Button type="submit" look="primary" size="lg" busy={busy} autoFocus>
        Continue
      </Button>
    </form>
  )
}
