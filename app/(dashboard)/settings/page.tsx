import { redirect } from 'next/navigation'
import { pageContext } from '@/lib/auth/page'
import { can, INSTALLATION } from '@/lib/control/roles'
import { paths } from '@/lib/paths'

export default async function SettingsPage() {
  const { actor } = await pageContext()
  redirect(can(actor.grants, 'member:read', INSTALLATION) ? paths.members() : paths.mySessions())
}
