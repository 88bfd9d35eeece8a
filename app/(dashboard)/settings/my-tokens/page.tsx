import type { Metadata } from 'next'
import { pageContext } from '@/lib/auth/page'
import { listMyTokens } from '@/lib/control/people/my-tokens'
import { MyTokensScreen } from './my-tokens-screen'

export const metadata: Metadata = { title: 'Personal tokens' }

export default async function MyTokensPage() {
  const ctx = await pageContext()
  const { items } = await listMyTokens(ctx, {})
  return <MyTokensScreen tokens={items} />
}
