import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { can, INSTALLATION } from '@/lib/control/roles'
import { getTest } from '@/lib/control/sso/tests'
import { TestScreen } from './test-screen'

export const metadata: Metadata = { title: 'Test of a provider' }

export default async function SsoTestPage({ params }: { params: Promise<{ test: string }> }) {
  const { test } = await params
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'sso:write', INSTALLATION)) notFound()
  return <TestScreen test={await orNotFound(getTest(ctx, { test }))} />
}
