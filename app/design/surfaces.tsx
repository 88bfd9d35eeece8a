'use client'
import { useState } from 'react'
import { Badge } from '@/app/_ui/badge'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { CodeBlock } from '@/app/_ui/code-block'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { EmptyState } from '@/app/_ui/empty-state'
import { NavTabs } from '@/app/_ui/nav-tabs'
import { PageHeader } from '@/app/_ui/page-header'
import { Skeleton } from '@/app/_ui/skeleton'
import { Tabs } from '@/app/_ui/tabs'
import { Day, Time } from '@/app/_ui/time'
import type { Section } from './specimen'

type Row = { key: string; state: string }

const columns: Columns<Row> = [
  { id: 'key', header: 'Flag', cell: ({ row }) => row.original.key },
  { id: 'state', header: 'State', cell: ({ row }) => row.original.state },
]
const rows: Row[] = [
  { key: 'new-checkout', state: 'On: everyone gets on' },
  { key: 'old-search', state: 'Off' },
]
const AT = '2026-11-26T09:00:00Z'

function Panels() {
  const [current, setCurrent] = useState('node')
  const tabs = [
    { id: 'node', label: 'Node', panel: <p className="pt-3">One panel</p> },
    { id: 'go', label: 'Go', panel: <p className="pt-3">Another</p> },
  ]
  return <Tabs label="Language" tabs={tabs} current={current} onChange={setCurrent} />
}

export const surfaces: Section[] = [
  {
    name: 'Banner',
    specimens: [
      {
        state: 'info',
        show: (
          <Banner
            tone="info"
            title="Ana published while you were editing"
            actions={<Button size="sm">Look</Button>}
          >
            Turned on
          </Banner>
        ),
      },
      { state: 'error', show: <Banner tone="error" title="This cannot be published yet" /> },
      { state: 'danger', show: <Banner tone="danger" title="Killed by Ana" /> },
    ],
  },
  {
    name: 'Badge',
    specimens: [
      { state: 'neutral', show: <Badge>boolean</Badge> },
      { state: 'caution', show: <Badge tone="caution">Held</Badge> },
    ],
  },
  {
    name: 'Table',
    specimens: [
      {
        state: 'rows',
        show: <DataTable caption="Flags" columns={columns} rows={rows} rowId={({ key }) => key} />,
      },
      {
        state: 'empty',
        show: (
          <EmptyState title="No flags yet" action={<Button look="primary">Create flag</Button>}>
            A flag is a decision that you can change without a deployment.
          </EmptyState>
        ),
      },
      { state: 'loading', show: <Skeleton className="h-4 w-40" /> },
    ],
  },
  {
    name: 'Navigation',
    specimens: [
      {
        state: 'links',
        show: (
          <NavTabs
            label="Which"
            tabs={[
              { href: '#decide', label: 'To decide', current: true },
              { href: '#all', label: 'All', current: false },
            ]}
          />
        ),
      },
      { state: 'panels', show: <Panels /> },
      { state: 'header', show: <PageHeader title="Flags">Everything that can be decided.</PageHeader> },
    ],
  },
  {
    name: 'Text',
    specimens: [
      { state: 'time', show: <Time value={AT} /> },
      { state: 'day', show: <Day value={AT} now={Date.parse(AT) + 3 * 3_600_000} /> },
      {
        state: 'code',
        show: <CodeBlock label="an example" code="await client.getBooleanValue('checkout', false)" />,
      },
    ],
  },
]
