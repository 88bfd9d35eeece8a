import type { Metadata } from 'next'
import { pageContext } from '@/lib/auth/page'
import { listMySessions } from '@/lib/control/people/sessions'
import { SessionsScreen } from './sessions-screen'

export const metadata: Metadata = { title: 'Sessions' }

export default async function SessionsPage() {
  const ctx = await pageContext()
  const { items } = await listMySessions(ctx, {})
  return <SessionsScreen sessions={items} />
}
