import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/select'
import type { RoleDefinition } from '@/lib/control/people/views'
import type { RoleAt } from '@/lib/people-client'
import type { PlaceProject } from './places'

const EVERYWHERE = '*' // no key may hold an asterisk

/** A role and where it is to hold. With `project`: in that project. */
export function RoleFields({
  value,
  onChange,
  roles,
  projects,
  project,
}: {
  value: RoleAt
  onChange: (value: RoleAt) => void
  roles: readonly RoleDefinition[]
  projects: readonly PlaceProject[]
  project?: string
}) {
  const role = roles.find(({ key }) => key === value.role)
  const inside = projects.find(({ key }) => key === (project ?? value.project))
  return (
    <>
      <Field label="Role" hint={role?.description}>
        {({ id }) => (
          <Select
            id={id}
            label="Role"
            value={value.role}
            choices={roles.map(({ key, name }) => ({ value: key, label: name }))}
            onChange={(role) => onChange({ ...value, role })}
          />
        )}
      </Field>
      {project === undefined && (
        <Field label="Project">
          {({ id }) => (
            <Select
              id={id}
              label="Project"
              value={value.project ?? EVERYWHERE}
              choices={[
                { value: EVERYWHERE, label: 'Everywhere' },
                ...projects.map(({ key, name }) => ({ value: key, label: name })),
              ]}
              onChange={(key) =>
                onChange(key === EVERYWHERE ? { role: value.role } : { role: value.role, project: key })
              }
            />
          )}
        </Field>
      )}
      {inside && (
        <Field label="Environment">
          {({ id }) => (
            <Select
              id={id}
              label="Environment"
              value={value.environment ?? EVERYWHERE}
              choices={[
                { value: EVERYWHERE, label: 'All environments' },
                ...inside.environments.map(({ key, name }) => ({ value: key, label: name })),
              ]}
              onChange={(key) => {
                const { environment: _, ...whole } = value
                onChange(key === EVERYWHERE ? whole : { ...whole, environment: key })
              }}
            />
          )}
        </Field>
      )}
    </>
  )
}
