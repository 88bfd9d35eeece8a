import type { ReactNode } from 'react'
import { pageContext } from '@/lib/auth/page'
import { can, INSTALLATION, type Permission } from '@/lib/control/roles'
import { SettingsNav } from './settings-nav'

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { actor } = await pageContext()
  const may = (permission: Permission) => can(actor.grants, permission, INSTALLATION)
  return (
    <div className="mx-auto max-w-6xl lg:grid lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-8">
      <SettingsNav
        members={may('member:read')}
        tokens={may('token:write')}
        sso={may('sso:write')}
        audit={may('audit:read')}
        webhooks={may('webhook:read')}
      />
      <div className="min-w-0">{children}</div>
    </div>
  )
}
