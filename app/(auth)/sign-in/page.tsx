import type { Metadata } from 'next'
import { OneTimeLinkHelp } from '@/app/_components/one-time-link'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams
  if (token) return <SignInForm token={token} />
  return (
    <>
      <h1 className="mb-6 font-semibold text-xl">Sign in with a link</h1>
      <OneTimeLinkHelp />
    </>
  )
}
