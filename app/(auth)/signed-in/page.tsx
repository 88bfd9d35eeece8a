import type { Metadata } from 'next'
import { CloseTab } from '@/app/_components/close-tab'
import { pageContext } from '@/lib/auth/page'

export const metadata: Metadata = { title: 'Signed in' }

export default async function SignedInPage() {
  const { actor } = await pageContext()
  return (
    <>
      <h1 className="font-semibold text-xl">You are signed in</h1>
      <p className="mt-1 mb-6 text-ink-2">
        As {actor.name}. Close this tab and go on where you were: what you typed there is still there.
      </p>
      <CloseTab size="lg" />
    </>
  )
}
