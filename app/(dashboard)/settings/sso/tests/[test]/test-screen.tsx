import { CircleCheck, OctagonX } from 'lucide-react'
import type { ReactNode } from 'react'
import { CloseTab } from '@/app/_components/close-tab'
import { sentence } from '@/app/_components/one-time-link'
import { placeName } from '@/app/_components/people/places'
import { Badge } from '@/app/_ui/badge'
import { Banner } from '@/app/_ui/banner'
import { CodeBlock } from '@/app/_ui/code-block'
import { PageHeader } from '@/app/_ui/page-header'
import { Time } from '@/app/_ui/time'
import type { SsoTestOutcome, SsoTestView } from '@/lib/control/sso/views'

type Heard = Extract<SsoTestOutcome, { ok: true }>

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-1 border-b px-5 py-3 last:border-b-0 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <dt className="text-ink-3 text-sm leading-5">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}

const None = ({ children }: { children: ReactNode }) => <span className="text-ink-3">{children}</span>

function Gifts({ roles, joins }: Pick<Heard, 'roles' | 'joins'>) {
  if (roles.length + joins.length === 0) return <None>Nothing: no rule names one of these groups</None>
  return (
    <ul className="flex flex-col gap-1">
      {roles.map((role) => (
        <li key={JSON.stringify(role)} className="flex flex-wrap items-center gap-x-1.5">
          <Badge>{role.role}</Badge>
          <span className="text-ink-2 text-sm">
            {placeName(role)}
            {role.group === null ? ', as nothing else gives a role' : `, by ${role.group}`}
          </span>
        </li>
      ))}
      {joins.map(({ group, name }) => (
        <li key={`${group} ${name}`}>
          Membership of {name} <span className="text-ink-2 text-sm">by {group}</span>
        </li>
      ))}
    </ul>
  )
}

const whoWords = { known: 'who is here already', new: 'for the first time' } as const

function Result({ outcome }: { outcome: Heard }) {
  const { person, groups } = outcome
  const refused = person.kind === 'refused'
  const Icon = refused ? OctagonX : CircleCheck
  return (
    <dl className="card">
      <Row label="Outcome">
        <span className="flex items-start gap-2 font-medium">
          <Icon
            size={16}
            aria-hidden
            className={refused ? 'mt-0.5 text-danger-ink' : 'mt-0.5 text-accent-ink'}
          />
          {person.kind === 'refused'
            ? `Would not be let in: ${person.problem}`
            : `${person.name} would be signed in, ${whoWords[person.kind]}`}
        </span>
      </Row>
      <Row label="Known by">
        <code className="font-mono text-sm">{outcome.subject}</code>
        <span className="text-ink-2 text-sm"> at {outcome.issuer}</span>
      </Row>
      <Row label="Name">{outcome.name}</Row>
      <Row label="E-mail">{outcome.email ?? <None>None that the provider has checked</None>}</Row>
      <Row label="Groups">
        {groups.length === 0 ? <None>None: look for them among the claims below</None> : groups.join(', ')}
      </Row>
      <Row label="They give">
        <Gifts roles={outcome.roles} joins={outcome.joins} />
      </Row>
    </dl>
  )
}

/** What came of a test: who that would be, what they might do, and every claim. */
export function TestScreen({ test: { connection, at, outcome } }: { test: SsoTestView }) {
  return (
    <div className="max-w-3xl">
      <PageHeader title={`Test of ${connection}`} actions={<CloseTab />}>
        <Time value={at} />. Nobody was signed in, nothing was changed. This page is kept for ten minutes.
      </PageHeader>
      <div className="flex flex-col gap-4">
        {outcome === null && (
          <Banner tone="info" title="The provider has not answered yet">
            Finish the log-in there, or close this tab and begin again.
          </Banner>
        )}
        {outcome?.ok === false && <Banner tone="error" title={sentence(outcome.problem)} />}
        {outcome?.ok && <Result outcome={outcome} />}
        {outcome?.claims && (
          <section aria-label="Claims" className="flex flex-col gap-2">
            <h2 className="font-semibold text-base">Claims, as they came</h2>
            <CodeBlock code={JSON.stringify(outcome.claims, null, 2)} label="claims" />
          </section>
        )}
      </div>
    </div>
  )
}
