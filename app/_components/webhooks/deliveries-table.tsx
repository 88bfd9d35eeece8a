'use client'
import { useMemo } from 'react'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { Time } from '@/app/_ui/time'
import type { WebhookDeliveryView } from '@/lib/control/views'
import { plural } from '@/lib/plural'
import { statusWords } from './statuses'

function Answer({ delivery: { answered, answer, elapsedMs } }: { delivery: WebhookDeliveryView }) {
  if (elapsedMs === null) return <span className="text-ink-3">Not tried yet</span>
  const said = answered === null ? 'No answer' : `${answered}`
  return (
    <>
      <span className="text-ink-2">
        {said}, {elapsedMs.toLocaleString('en')} ms
      </span>
      {answer && (
        <details className="text-sm">
          <summary className="cursor-pointer truncate text-ink-3">{answer.slice(0, 80)}</summary>
          <pre className="mt-1 max-h-48 overflow-auto whitespace-pre-wrap break-all rounded-md border bg-sunken p-2 font-mono text-xs">
            {answer}
          </pre>
        </details>
      )}
    </>
  )
}

function State({ delivery: { status, attempts, nextAt } }: { delivery: WebhookDeliveryView }) {
  return (
    <>
      <Badge tone={status === 'delivered' ? 'neutral' : 'caution'}>{statusWords[status].toLowerCase()}</Badge>
      {attempts > 0 && <span className="ml-2 text-ink-2 text-sm">{plural(attempts, 'attempt')}</span>}
      {nextAt && attempts > 0 && (
        <p className="mt-1 text-ink-2 text-sm">
          Next at <Time value={nextAt} clock />
        </p>
      )}
    </>
  )
}

type Replay = { reason: string | false; onReplay: (delivery: WebhookDeliveryView) => void }

const columnsFor = ({ reason, onReplay }: Replay): Columns<WebhookDeliveryView> => [
  {
    id: 'at',
    header: 'When',
    cell: ({ row }) => (
      <span className="text-ink-2">
        <Time value={row.original.createdAt} />
      </span>
    ),
  },
  {
    id: 'change',
    header: 'Change',
    meta: { className: 'min-w-36' },
    cell: ({ row: { original: delivery } }) => (
      <>
        <span className="font-medium">{delivery.action}</span>
        {delivery.replayOf !== null && <span className="text-ink-3 text-sm"> again</span>}
        <code className="block break-all font-mono text-ink-3 text-xs">{delivery.target}</code>
        {delivery.environment && <span className="block text-ink-3 text-sm">{delivery.environment}</span>}
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    meta: { className: 'min-w-40' },
    cell: ({ row }) => <State delivery={row.original} />,
  },
  {
    id: 'answer',
    header: 'Last answer',
    meta: { className: 'min-w-32 max-w-80' },
    cell: ({ row }) => <Answer delivery={row.original} />,
  },
  {
    id: 'replay',
    header: 'Actions',
    meta: { srOnlyHeader: true, className: 'w-24 text-right' },
    cell: ({ row: { original: delivery } }) =>
      delivery.status !== 'pending' && (
        <Button
          size="sm"
          aria-label={`Replay ${delivery.action} ${delivery.message}`}
          disabledReason={reason}
          onClick={() => onReplay(delivery)}
        >
          Replay
        </Button>
      ),
  },
]

export function DeliveriesTable({
  deliveries,
  replayDisabledReason: reason,
  onReplay,
}: {
  deliveries: WebhookDeliveryView[]
  replayDisabledReason: string | false
  onReplay: (delivery: WebhookDeliveryView) => void
}) {
  const columns = useMemo(() => columnsFor({ reason, onReplay }), [reason, onReplay])
  return (
    <DataTable caption="Deliveries" columns={columns} rows={deliveries} rowId={(each) => String(each.id)} />
  )
}
