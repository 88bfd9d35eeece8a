import type { PlaceProject } from '@/app/_components/people/places'
import { Field, TextInput } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import { Select } from '@/app/_ui/select'
import type { GroupView, RoleDefinition } from '@/lib/control/people/views'
import type { Draft } from './draft'
import { MappingEditor } from './mapping-editor'

type Props = {
  draft: Draft
  onChange: (changes: Partial<Draft>) => void
  errorOf: (path: string) => string | undefined
  roles: RoleDefinition[]
  projects: PlaceProject[]
  groups: GroupView[]
}

const fallbacks = [
  { value: 'none', label: 'Stays outside' },
  { value: 'viewer', label: 'Becomes a viewer' },
] as const

const scimFields = [
  { value: 'none', label: 'Nothing' },
  { value: 'externalId', label: 'externalId' },
  { value: 'userName', label: 'userName' },
] as const

/** What people may do who come by a connection. */
export function GroupFields({ draft, onChange, errorOf, roles, projects, groups }: Props) {
  return (
    <section aria-label="Who may do what" className="card p-5">
      <h2 className="font-semibold text-base">Who may do what</h2>
      <p className="mt-0.5 text-ink-2">
        Read again at each log-in: whoever has left a group loses what it gave. Roles that you give by hand
        stay.
      </p>
      <div className="mt-4 flex flex-col gap-4">
        <Field
          label="Claim with the groups"
          error={errorOf('groupsClaim')}
          hint="A claim or attribute, or a path such as realm_access.roles."
        >
          {(control) => (
            <TextInput
              {...control}
              className="max-w-xs font-mono text-sm"
              value={draft.groupsClaim}
              onChange={(event) => onChange({ groupsClaim: event.target.value })}
            />
          )}
        </Field>
        <MappingEditor
          rules={draft.rules}
          onChange={(rules) => onChange({ rules })}
          roles={roles}
          projects={projects}
          groups={groups}
          errorOf={errorOf}
        />
        <Segmented
          label="Whom no rule gives anything"
          value={draft.fallback}
          choices={fallbacks}
          onChange={(fallback) => onChange({ fallback })}
        />
        <div className="flex flex-col gap-1.5">
          <span className="font-medium text-sm">People that SCIM keeps are known by</span>
          <div className="flex flex-wrap items-center gap-2">
            <Select
              label="People that SCIM keeps are known by"
              value={draft.scimField}
              choices={scimFields}
              onChange={(scimField) => onChange({ scimField })}
            />
            {draft.scimField !== 'none' && (
              <>
                <span className="text-ink-2">which is the claim</span>
                <TextInput
                  aria-label="Claim that SCIM’s field is equal to"
                  className="w-40 font-mono text-sm"
                  value={draft.scimClaim}
                  onChange={(event) => onChange({ scimClaim: event.target.value })}
                />
              </>
            )}
          </div>
          <p className="text-ink-3 text-sm">
            For when this provider also keeps people here by SCIM. Otherwise nobody is taken for somebody who
            is here already.
          </p>
        </div>
      </div>
    </section>
  )
}
