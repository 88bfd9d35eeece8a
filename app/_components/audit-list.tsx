'use client'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { Badge } from '@/app/_ui/badge'
import { Time } from '@/app/_ui/time'
import type { AuditSearch } from '@/lib/audit-search'
import type { AuditView } from '@/lib/control/views'
import { describeEntry } from '@/lib/describe-entry'
import { RawDiff } from './raw-diff'

const linkClass = 'rounded-sm underline-offset-4 hover:text-ink hover:underline'

const viaText = (via: NonNullable<NonNullable<AuditView['origin']>['via']>) =>
  'session' in via ? `session ${via.session}, signed in by ${via.method}` : `token ${via.token}`

/** What an entry says beside what was done; null: there is nothing of it. */
function facts(entry: AuditView): [name: string, value: string][] {
  const { origin, versions, seq, hash } = entry
  const published = Object.entries(versions)
  const all: [string, string | null | undefined][] = [
    ['Published', published.map(([environment, id]) => `${environment} ${id}`).join(', ')],
    ['Action', entry.action],
    ['From', origin?.ip],
    ['By', origin?.via && viaText(origin.via)],
    ['With', origin?.userAgent],
    ['Request', entry.requestId],
    ['In the chain', seq === null ? 'of before the chain' : `entry ${seq}, ${hash}`],
  ]
  return all.filter((fact): fact is [string, string] => Boolean(fact[1]))
}

/** What differs; of a thing that was made or taken away, all that there is. */
function State({ before, after }: Pick<AuditView, 'before' | 'after'>) {
  if (before !== null && after !== null) return <RawDiff before={before} after={after} />
  const only = after ?? before
  if (only === null) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre tabIndex={0} className="overflow-x-auto rounded-lg border px-3 py-2 font-mono text-xs leading-5">
      {JSON.stringify(only, null, 2)}
    </pre>
  )
}

function Details({ entry }: { entry: AuditView }) {
  const { before, after } = entry
  return (
    <div className="mt-2 flex flex-col gap-2">
      <State before={before} after={after} />
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-sm">
        {facts(entry).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="break-all text-ink-2">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

type Address = (change: AuditSearch) => string

function Where({ entry, address }: { entry: AuditView; address: Address }): ReactNode {
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2 text-sm">
      {entry.project !== null && <Badge>{entry.project}</Badge>}
      {entry.environment && <span>{entry.environment}</span>}
      <Link href={address({ target: entry.target })} title="Only entries about this" className={linkClass}>
        <code className="break-all font-mono text-xs">{entry.target}</code>
      </Link>
    </p>
  )
}

function Entry({ entry, project, address }: { entry: AuditView; project: boolean; address: Address }) {
  const [open, setOpen] = useState(false)
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        {describeEntry(entry).map((line) => (
          <p key={line} className="break-words">
            {line}
          </p>
        ))}
        {entry.reason && <p className="mt-0.5 break-words text-ink-2">“{entry.reason}”</p>}
        <Where entry={project ? { ...entry, project: null } : entry} address={address} />
      </div>
      <div className="text-ink-2 text-sm sm:text-right">
        <Link
          href={address({ actor: entry.actor.id })}
          title="Only entries of this person or token"
          className={`font-medium text-ink ${linkClass}`}
        >
          {entry.actor.name}
        </Link>
        <br className="hidden sm:inline" /> <Time value={entry.at} />
        <br className="hidden sm:inline" />{' '}
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="rounded-sm text-accent-ink text-sm underline-offset-4 hover:underline"
        >
          {open ? 'Hide details' : 'Details'}
        </button>
      </div>
      {open && (
        <div className="min-w-0 sm:col-span-2">
          <Details entry={entry} />
        </div>
      )}
    </li>
  )
}

/** Entries newest first, each with its difference and where it came from. `project`: all are of one. */
export function AuditList(props: { entries: readonly AuditView[]; project: boolean; address: Address }) {
  const { entries, project, address } = props
  return (
    <ol className="card divide-y" aria-label="Audit entries, newest first">
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} project={project} address={address} />
      ))}
    </ol>
  )
}
