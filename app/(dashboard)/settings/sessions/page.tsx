import type { Metadata } from 'next'
import { pageContext } from '@/lib/auth/page'
import { listChoices, problemWords } from '@/lib/auth/sso/choices'
import { listMyIdentities } from '@/lib/auth/sso/sign-in'
import { listMySessions } from '@/lib/control/people/sessions'
import { SessionsScreen } from './sessions-screen'

export const metadata: Metadata = { title: 'Sessions' }

export default async function SessionsPage({
  searchParams,
}: {
  searchParams: Promise<{ problem?: string }>
}) {
  const { problem } = await searchParams
  const ctx = await pageContext()
  const [sessions, identities, choices] = await Promise.all([
    listMySessions(ctx, {}),
    listMyIdentities(ctx, {}),
    listChoices(ctx, {}),
  ])
  return (
    <SessionsScreen
      sessions={sessions.items}
      identities={identities.items}
      connections={choices.connections}
      problem={typeof problem === 'string' ? problemWords(problem) : null}
    />
  )
}
