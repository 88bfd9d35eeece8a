import { Badge } from '@/app/_ui/badge'
import type { RoleView } from '@/lib/control/people/views'
import { placeName } from './places'

/** Roles with where they hold, and by which group. */
export function RoleList({ roles }: { roles: readonly RoleView[] }) {
  if (roles.length === 0) return <span className="text-ink-3">None</span>
  return (
    <ul className="flex flex-col gap-1">
      {roles.map((role) => (
        <li key={role.grant} className="flex flex-wrap items-center gap-x-1.5">
          <Badge>{role.role}</Badge>
          <span className="text-ink-2 text-sm">
            {placeName(role)}
            {role.group && `, by ${role.group.name}`}
            {role.source === 'sso' && ', by single sign-on'}
          </span>
        </li>
      ))}
    </ul>
  )
}
