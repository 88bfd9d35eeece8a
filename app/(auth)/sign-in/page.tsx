import type { Metadata } from 'next'
import { OneTimeLinkHelp } from '@/app/_components/one-time-link'
import { nextPath } from '@/lib/auth/next-path'
import { visitorContext } from '@/lib/auth/page'
import { listChoices, problemWords } from '@/lib/auth/sso/choices'
import { SignInChoices } from './sign-in-choices'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

type Query = { token?: string; next?: string; again?: string; problem?: string }

export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { token, next, again, problem } = await searchParams
  if (token) return <SignInForm token={token} />
  const ctx = await visitorContext()
  const { connections, breakGlass } = await listChoices(ctx, {})
  const said = typeof problem === 'string' ? problemWords(problem) : null
  if (connections.length === 0 && !breakGlass && said === null)
    return (
      <>
        <h1 className="mb-6 font-semibold text-xl">Sign in with a link</h1>
        <OneTimeLinkHelp />
      </>
    )
  return (
    <SignInChoices
      connections={connections}
      breakGlass={breakGlass}
      next={nextPath(typeof next === 'string' ? next : null) ?? undefined}
      again={again === '1' && ctx.actor.kind === 'user' ? ctx.actor.name : null}
      problem={said}
    />
  )
}
