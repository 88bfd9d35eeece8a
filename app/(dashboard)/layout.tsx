import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { AppShell } from '@/app/_components/app-shell'
import { readTheme, THEME_COOKIE } from '@/app/_components/theme'
import { pageContext } from '@/lib/auth/page'
import { listProjects } from '@/lib/control/projects'

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const ctx = await pageContext()
  const { items } = await listProjects(ctx, {})
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <AppShell
      projects={items.map(({ key, name, evaluated, environments }) => ({
        key,
        name,
        evaluated,
        environments,
      }))}
      user={{ id: ctx.actor.id, name: ctx.actor.name }}
      theme={theme}
    >
      {children}
    </AppShell>
  )
}
