'use client'
import { X } from 'lucide-react'
import { ButtonLink } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { inputClass } from '@/app/_ui/field'
import { SearchBox } from '@/app/_ui/search-box'
import { type Choice, Select } from '@/app/_ui/select'
import type { AuditSearch } from '@/lib/audit-search'
import type { EnvironmentView } from '@/lib/control/views'

const ALL = 'all'

const everyChange = { value: ALL, label: 'Every action' }

/** Beginnings of actions, by what they are about. */
const areas = {
  project: [
    everyChange,
    { value: 'flag.', label: 'Flags' },
    { value: 'flag.kill', label: 'Kills' },
    { value: 'targeting.', label: 'Targeting' },
    { value: 'proposal.', label: 'Proposals' },
    { value: 'version.', label: 'Restored versions' },
    { value: 'segment.', label: 'Segments' },
    { value: 'attribute.', label: 'Attributes' },
    { value: 'environment.', label: 'Environments' },
    { value: 'key.', label: 'Keys' },
    { value: 'webhook.', label: 'Webhooks' },
    { value: 'grant.', label: 'Grants' },
  ],
  installation: [
    everyChange,
    { value: 'session.', label: 'Sign-ins' },
    { value: 'access.refused', label: 'Refusals' },
    { value: 'person.', label: 'People' },
    { value: 'group.', label: 'Groups' },
    { value: 'role.', label: 'Roles' },
    { value: 'grant.', label: 'Grants' },
    { value: 'token.', label: 'Tokens' },
    { value: 'sso.', label: 'Single sign-on' },
  ],
} as const satisfies Record<string, readonly Choice<string>[]>

const scopes = [
  { value: 'installation', label: 'The installation itself' },
  { value: ALL, label: 'Everything, with all projects' },
] as const

/** A choice that an address asks for and the list lacks is shown as it is. */
const withCurrent = (choices: readonly Choice<string>[], current: string | undefined) =>
  current === undefined || choices.some(({ value }) => value === current)
    ? choices
    : [...choices, { value: current, label: current }]

function Day({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (day: string | undefined) => void
}) {
  return (
    <label className="flex items-center gap-1.5 text-ink-2 text-sm">
      {label}
      <input
        type="date"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value || undefined)}
        className={cx(inputClass, 'h-8 w-34')}
      />
    </label>
  )
}

type Props = {
  search: AuditSearch
  /** What whoever is asked for is called, where an entry says. */
  actorName: string | undefined
  /** Of the project; null: the list of the installation. */
  environments: readonly EnvironmentView[] | null
  onChange: (change: AuditSearch) => void
  address: (search: AuditSearch) => string
}

/** All filters of the audit list; the address keeps them. */
export function AuditFilters({ search, actorName, environments, onChange, address }: Props) {
  const { q, action, environment, actor, target, from, to, scope } = search
  const chosen = [
    ...(actor === undefined ? [] : [{ name: 'actor', text: `By ${actorName ?? actor}` }]),
    ...(target === undefined ? [] : [{ name: 'target', text: target }]),
  ]
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="w-full sm:w-64">
        <SearchBox
          label="Search the audit list"
          placeholder="Search"
          value={q ?? ''}
          onSearch={(text) => onChange({ q: text })}
        />
      </div>
      {environments === null && (
        <Select
          label="Whose entries"
          value={scope ?? 'installation'}
          choices={scopes}
          onChange={(value) => onChange({ scope: value === ALL ? ALL : undefined } as AuditSearch)}
        />
      )}
      <Select
        label="Action"
        value={action ?? ALL}
        choices={withCurrent(areas[environments ? 'project' : 'installation'], action)}
        onChange={(value) => onChange({ action: value === ALL ? '' : value })}
      />
      {environments && (
        <Select
          label="Environment"
          value={environment ?? ALL}
          choices={withCurrent(
            [
              { value: ALL, label: 'Every environment' },
              ...environments.map(({ key, name }) => ({ value: key, label: name })),
            ],
            environment,
          )}
          onChange={(value) => onChange({ environment: value === ALL ? '' : value })}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-2">
        <Day label="From" value={from} onChange={(day) => onChange({ from: day ?? '' })} />
        <Day label="to" value={to} onChange={(day) => onChange({ to: day ?? '' })} />
        <span className="text-ink-3 text-sm">UTC</span>
      </div>
      {chosen.map(({ name, text }) => (
        <ButtonLink key={name} size="sm" href={address({ ...search, [name]: undefined })}>
          <span className="max-w-56 truncate">{text}</span>
          <X size={14} aria-label="Remove this filter" />
        </ButtonLink>
      ))}
    </div>
  )
}
