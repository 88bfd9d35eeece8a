'use client'
import { useMemo } from 'react'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { EmptyState } from '@/app/_ui/empty-state'
import { Time } from '@/app/_ui/time'
import type { ConnectionView } from '@/lib/control/views'
import { plural } from '@/lib/plural'

const quiet = 'text-ink-2'

const protocols: Record<ConnectionView['protocol'], { open: string; asked: string }> = {
  config: { open: 'Stream', asked: 'Polls' },
  ofrep: { open: 'OFREP, hears of changes', asked: 'OFREP' },
  flagd: { open: 'flagd over gRPC', asked: 'flagd over HTTP' },
}

/** "12 streams" and how they hold the newest version, or when it asked last. */
function Held({ client: { open, current, version }, newest }: { client: ConnectionView; newest: number }) {
  if (open === 0) return <span className={quiet}>Asks each time</span>
  const behind = version !== null && version < newest
  if (behind)
    return (
      <span>
        Version {version}, of {newest}
      </span>
    )
  if (current < open)
    return (
      <span>
        {current} of {open} hold version {newest}
      </span>
    )
  return <span className={quiet}>Version {newest}, the newest</span>
}

function columnsFor(newest: number): Columns<ConnectionView> {
  return [
    {
      id: 'client',
      header: 'Application',
      meta: { className: 'min-w-48' },
      cell: ({ row: { original: one } }) => (
        <>
          <span className="block font-medium">{one.client || 'Does not say who it is'}</span>
          <span className="text-ink-3 text-sm">{one.key.name}</span>
        </>
      ),
    },
    {
      id: 'how',
      header: 'How',
      cell: ({ row: { original: one } }) => (
        <span className={quiet}>{protocols[one.protocol][one.open > 0 ? 'open' : 'asked']}</span>
      ),
    },
    {
      id: 'open',
      header: 'Connected',
      meta: { className: 'whitespace-nowrap' },
      cell: ({ row: { original: one } }) => {
        if (one.open > 0)
          return (
            <>
              <span className="block font-medium">{plural(one.open, 'stream')}</span>
              {one.since && (
                <span className="text-ink-3 text-sm">
                  since <Time value={one.since} />
                </span>
              )}
            </>
          )
        return (
          one.askedAt && (
            <span className={quiet}>
              asked <Time value={one.askedAt} />
            </span>
          )
        )
      },
    },
    {
      id: 'version',
      header: 'Holds',
      meta: { className: 'whitespace-nowrap' },
      cell: ({ row }) => <Held client={row.original} newest={newest} />,
    },
    {
      id: 'node',
      header: 'Node',
      meta: { className: 'hidden lg:table-cell' },
      cell: ({ row }) => (
        <code className="font-mono text-ink-3 text-xs">{row.original.nodes.join(', ')}</code>
      ),
    },
  ]
}

/** Who has streams open, or has asked in the last ten minutes. */
export function ConnectedClients({
  clients,
  environment,
  newest,
}: {
  clients: ConnectionView[]
  environment: string
  /** The newest published version. */
  newest: number
}) {
  const columns = useMemo(() => columnsFor(newest), [newest])
  const streams = clients.reduce((sum, { open }) => sum + open, 0)
  return (
    <section aria-labelledby="connected-now">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <h2 id="connected-now" className="font-semibold">
          Connected now
        </h2>
        <p role="status" className="text-ink-2 text-sm">
          {streams === 0 ? 'no open stream' : plural(streams, 'open stream')}, renewed every few seconds
        </p>
      </div>
      {clients.length === 0 ? (
        <EmptyState title={`Nobody is connected to ${environment}`}>
          Applications stand here while they have a stream open, and for ten minutes after they have asked
          without one.
        </EmptyState>
      ) : (
        <DataTable
          caption="Connected now"
          columns={columns}
          rows={clients}
          rowId={({ key, client, protocol }) => `${key.id} ${client} ${protocol}`}
        />
      )}
    </section>
  )
}
