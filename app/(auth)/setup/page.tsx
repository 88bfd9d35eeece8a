import type { Metadata } from 'next'
import { OneTimeLinkHelp } from '@/app/_components/one-time-link'
import { SetupForm } from './setup-form'

export const metadata: Metadata = { title: 'Set up' }

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams
  if (!token)
    return (
      <>
        <h1 className="font-semibold text-xl">This page needs its link</h1>
        <p className="mt-1 mb-6 text-ink-2">
          The set-up link was printed in the terminal at the first start. Is someone set up already? Then a
          sign-in link is what you need.
        </p>
        <OneTimeLinkHelp />
      </>
    )
  return <SetupForm token={token} />
}
