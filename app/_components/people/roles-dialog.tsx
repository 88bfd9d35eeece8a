'use client'
import { useState } from 'react'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import type { RoleDefinition, RoleView } from '@/lib/control/people/views'
import { type Holder, peopleApi, type RoleAt } from '@/lib/people-client'
import { ProblemBanner } from '../problem-banner'
import { useAction } from '../use-action'
import { type PlaceProject, placeName } from './places'
import { RoleFields } from './role-fields'

/** What somebody holds, to give more and to take away. Those by a group are changed at the group. */
export function RolesDialog({
  holder,
  held,
  roles,
  projects,
  onClose,
  onChanged,
}: {
  holder: Holder
  held: readonly RoleView[]
  roles: readonly RoleDefinition[]
  projects: readonly PlaceProject[]
  onClose: () => void
  onChanged: () => void
}) {
  const [next, setNext] = useState<RoleAt>({ role: 'viewer' })
  const give = useAction(async () => {
    await peopleApi.grant(holder, next)
    onChanged()
  })
  const take = useAction(async (grant: number) => {
    await peopleApi.takeAway(grant)
    onChanged()
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Roles of ${holder.name}`}
      onSubmit={give.run}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={give.busy}>
            Give role
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={take.problem ?? give.problem} />
        {held.length > 0 && (
          <ul aria-label="Roles held" className="flex flex-col divide-y rounded-md border">
            {held.map((role) => (
              <li key={role.grant} className="flex min-h-10 items-center gap-2 px-3 py-1.5">
                <Badge>{role.role}</Badge>
                <span className="min-w-0 flex-1 text-ink-2 text-sm">{placeName(role)}</span>
                {role.group && holder.kind === 'person' ? (
                  <span className="text-ink-3 text-sm">by {role.group.name}</span>
                ) : (
                  <Button
                    size="sm"
                    look="danger-quiet"
                    aria-label={`Take away ${role.role} ${placeName(role)}`}
                    busy={take.busy}
                    onClick={() => void take.run(role.grant)}
                  >
                    Take away
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        <RoleFields value={next} onChange={setNext} roles={roles} projects={projects} />
      </div>
    </Dialog>
  )
}
