'use client'
import { useEffect, useState } from 'react'
import { FoundPeople } from '@/app/_components/people/found-people'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Skeleton } from '@/app/_ui/skeleton'
import type { GroupView, GroupWithMembers } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'

/** Who is in a group, to add and to take out. */
export function MembersDialog({
  group,
  mayWrite,
  onClose,
}: {
  group: GroupView
  mayWrite: boolean
  onClose: () => void
}) {
  const [members, setMembers] = useState<GroupWithMembers['members'] | null>(null)
  const load = useAction(async () => setMembers((await peopleApi.group(group.id)).value.members))
  const change = useAction(async (person: string, add: boolean) => {
    const { value } = await (add
      ? peopleApi.addMember(group.id, person)
      : peopleApi.removeMember(group.id, person))
    setMembers(value.members)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens
  useEffect(() => {
    void load.run()
  }, [])
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Members of ${group.name}`}
      description={group.source === 'scim' ? 'Kept by SCIM: change it where it comes from.' : undefined}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={load.problem ?? change.problem} />
        {mayWrite && members && (
          <FoundPeople
            except={members.map(({ id }) => id)}
            action="Add"
            onChoose={({ id }) => void change.run(id, true)}
          />
        )}
        {members === null && !load.problem && <Skeleton className="h-24" />}
        {members?.length === 0 && <p className="text-ink-2">Nobody is in this group yet.</p>}
        {members && members.length > 0 && (
          <ul aria-label="Members" className="divide-y rounded-md border">
            {members.map(({ id, name, email }) => (
              <li key={id} className="flex min-h-10 items-center gap-2 px-3 py-1.5">
                <span className="min-w-0 flex-1">
                  <span className="font-medium">{name}</span>{' '}
                  <span className="break-all text-ink-3 text-sm">{email}</span>
                </span>
                {mayWrite && (
                  <Button
                    size="sm"
                    look="danger-quiet"
                    aria-label={`Take out ${name}`}
                    busy={change.busy}
                    onClick={() => void change.run(id, false)}
                  >
                    Take out
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}
