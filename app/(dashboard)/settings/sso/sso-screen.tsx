'use client'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { Badge } from '@/app/_ui/badge'
import { buttonClass } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { Time } from '@/app/_ui/time'
import { rowLink } from '@/app/_ui/use-row-keys'
import type { SsoConnectionView } from '@/lib/control/sso/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { kindName } from './draft'

const SOON_MS = 30 * 86_400_000

function Certificate({ until }: { until: string | null }) {
  if (until === null) return null
  const left = Date.parse(until) - Date.now()
  if (left > SOON_MS) return null
  return (
    <p className="mt-1 text-caution-ink text-sm">
      Certificate {left < 0 ? 'ended' : 'ends'} <Time value={until} />
    </p>
  )
}

const columns: Columns<SsoConnectionView> = [
  {
    id: 'name',
    header: 'Name',
    meta: { className: 'min-w-56' },
    cell: ({ row: { original: connection } }) => (
      <>
        <Link
          href={paths.ssoConnection({ connection: connection.key })}
          {...rowLink}
          className="block rounded-sm font-medium underline-offset-4 hover:underline"
        >
          {connection.name}
        </Link>
        <span className="break-all font-mono text-ink-3 text-xs">{connection.issuer}</span>
      </>
    ),
  },
  {
    id: 'kind',
    header: 'Speaks',
    cell: ({ row }) => <span className="whitespace-nowrap text-ink-2">{kindName[row.original.kind]}</span>,
  },
  {
    id: 'rules',
    header: 'Groups give',
    cell: ({ row: { original: connection } }) => (
      <>
        <span className="text-ink-2">{plural(connection.mapping.length, 'rule')}</span>
        <p className="text-ink-3 text-sm">
          {connection.fallback === 'viewer' ? 'everyone else sees' : 'nobody else comes in'}
        </p>
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ row: { original: connection } }) => (
      <>
        {connection.enabled ? <span className="text-ink-2">On</span> : <Badge>off</Badge>}
        <Certificate until={connection.certificateUntil} />
      </>
    ),
  },
]

export function SsoScreen({ connections }: { connections: SsoConnectionView[] }) {
  const add = (
    <Link href={paths.newSso()} className={buttonClass('primary', 'md')}>
      <Plus size={16} aria-hidden /> Add a provider
    </Link>
  )
  return (
    <>
      <PageHeader title="Single sign-on" actions={connections.length > 0 && add}>
        People sign in with the account that they have at work. What their groups give is read again each
        time.
      </PageHeader>
      {connections.length === 0 ? (
        <EmptyState title="Nobody signs in by a provider yet" action={add}>
          Connect Okta, Entra ID, Google, Keycloak or any other that speaks OpenID Connect or SAML, and try it
          before anybody depends on it.
        </EmptyState>
      ) : (
        <DataTable caption="Connections" columns={columns} rows={connections} rowId={({ key }) => key} />
      )}
    </>
  )
}
