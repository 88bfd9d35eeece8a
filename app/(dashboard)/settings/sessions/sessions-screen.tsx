'use client'
import { useRouter } from 'next/navigation'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { PageHeader } from '@/app/_ui/page-header'
import { Time } from '@/app/_ui/time'
import { toast } from '@/app/_ui/toast'
import { browserName } from '@/lib/browser-name'
import type { SessionView } from '@/lib/control/people/views'
import type { IdentityView, SsoChoice } from '@/lib/control/sso/views'
import { peopleApi } from '@/lib/people-client'
import { plural } from '@/lib/plural'
import { Identities } from './identities'

const columnsFor = (onEnd: (id: string) => void): Columns<SessionView> => [
  {
    id: 'browser',
    header: 'Browser',
    meta: { className: 'min-w-56' },
    cell: ({ row: { original: session } }) => (
      <>
        <span title={session.userAgent ?? undefined} className="break-words font-medium">
          {browserName(session.userAgent)}
        </span>
        {session.current && (
          <span className="ml-2">
            <Badge>this one</Badge>
          </span>
        )}
      </>
    ),
  },
  {
    id: 'ip',
    header: 'Address',
    cell: ({ row }) => <span className="text-ink-2 tabular-nums">{row.original.ip ?? 'Unknown'}</span>,
  },
  {
    id: 'since',
    header: 'Signed in',
    cell: ({ row: { original: session } }) => (
      <span className="text-ink-2">
        <Time value={session.createdAt} />, by {session.method}
      </span>
    ),
  },
  {
    id: 'used',
    header: 'Last used',
    cell: ({ row }) => (
      <span className="text-ink-2">
        <Time value={row.original.usedAt} />
      </span>
    ),
  },
  {
    id: 'end',
    header: 'Actions',
    meta: { srOnlyHeader: true, className: 'w-24 text-right' },
    cell: ({ row: { original: session } }) =>
      !session.current && (
        <Button size="sm" look="danger-quiet" onClick={() => onEnd(session.id)}>
          End
        </Button>
      ),
  },
]

type Props = {
  sessions: SessionView[]
  identities: IdentityView[]
  connections: SsoChoice[]
  /** What became of a link that was tried. */
  problem: string | null
}

export function SessionsScreen({ sessions, identities, connections, problem }: Props) {
  const router = useRouter()
  const end = useAction(async (id: string) => {
    await peopleApi.endMySession(id)
    toast.done('Session ended')
    router.refresh()
  })
  const endAll = useAction(async () => {
    const { value } = await peopleApi.endMyOtherSessions()
    toast.done(`${plural(value.ended, 'session', 'sessions')} ended`)
    router.refresh()
  })
  const columns = columnsFor((id) => void end.run(id))
  return (
    <>
      <PageHeader
        title="Sessions"
        actions={
          <Button
            busy={endAll.busy}
            disabledReason={sessions.length < 2 && 'You are signed in nowhere else'}
            onClick={() => void endAll.run()}
          >
            Sign out everywhere else
          </Button>
        }
      >
        Where you are signed in. A session that you do not know is best ended.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={end.problem ?? endAll.problem} />
        <DataTable caption="Sessions" columns={columns} rows={sessions} rowId={({ id }) => id} />
        <Identities identities={identities} connections={connections} problem={problem} />
      </div>
    </>
  )
}
