import { Plus, X } from 'lucide-react'
import type { PlaceProject } from '@/app/_components/people/places'
import { Button, IconButton } from '@/app/_ui/button'
import { FieldError, TextInput } from '@/app/_ui/field'
import { Select } from '@/app/_ui/select'
import type { GroupView, RoleDefinition } from '@/lib/control/people/views'
import type { DraftRule } from './draft'

const EVERYWHERE = '*' // no key may hold an asterisk

type Props = {
  rules: DraftRule[]
  onChange: (rules: DraftRule[]) => void
  roles: RoleDefinition[]
  projects: PlaceProject[]
  groups: GroupView[]
  errorOf: (path: string) => string | undefined
}

/** "Who is in [flags-admins] gets [Publisher] in [Shop], [Production]", a line a rule. */
export function MappingEditor({ rules, onChange, roles, projects, groups, errorOf }: Props) {
  const choices = [
    ...roles.map(({ key, name }) => ({ value: `role ${key}`, label: name, group: 'A role' })),
    ...groups
      .filter(({ source }) => source !== 'scim')
      .map(({ id, name }) => ({ value: `group ${id}`, label: name, group: 'Membership of a group' })),
  ]
  const change = (id: number, changes: Partial<DraftRule>) =>
    onChange(rules.map((rule) => (rule.id === id ? { ...rule, ...changes } : rule)))
  const add = () => {
    const id = Math.max(-1, ...rules.map((rule) => rule.id)) + 1
    onChange([...rules, { id, group: '', gives: 'role viewer', project: null, environment: null }])
  }
  return (
    <div className="flex flex-col gap-3">
      {rules.length > 0 && (
        <ol className="flex flex-col gap-2" aria-label="Rules">
          {rules.map((rule, index) => {
            const inside = projects.find(({ key }) => key === rule.project)
            const error = errorOf(`mapping.${index}`)
            const number = index + 1
            return (
              <li key={rule.id} className="rounded-md border bg-sunken px-3 py-2.5">
                <div className="flex flex-wrap items-center gap-x-2 gap-y-2">
                  <span className="text-ink-2">Who is in</span>
                  <TextInput
                    aria-label={`Group of rule ${number}`}
                    aria-invalid={error ? true : undefined}
                    placeholder="flags-admins"
                    value={rule.group}
                    onChange={(event) => change(rule.id, { group: event.target.value })}
                    className="max-w-56 flex-1 basis-40"
                  />
                  <span className="text-ink-2">{rule.gives.startsWith('role ') ? 'gets' : 'joins'}</span>
                  <Select
                    label={`What rule ${number} gives`}
                    value={rule.gives}
                    choices={choices}
                    onChange={(gives) =>
                      change(rule.id, {
                        gives,
                        ...(gives.startsWith('group ') && { project: null, environment: null }),
                      })
                    }
                  />
                  {rule.gives.startsWith('role ') && (
                    <Select
                      label={`Project of rule ${number}`}
                      value={rule.project ?? EVERYWHERE}
                      choices={[
                        { value: EVERYWHERE, label: 'everywhere' },
                        ...projects.map(({ key, name }) => ({ value: key, label: `in ${name}` })),
                      ]}
                      onChange={(key) =>
                        change(rule.id, { project: key === EVERYWHERE ? null : key, environment: null })
                      }
                    />
                  )}
                  {inside && (
                    <Select
                      label={`Environment of rule ${number}`}
                      value={rule.environment ?? EVERYWHERE}
                      choices={[
                        { value: EVERYWHERE, label: 'all environments' },
                        ...inside.environments.map(({ key, name }) => ({ value: key, label: name })),
                      ]}
                      onChange={(key) => change(rule.id, { environment: key === EVERYWHERE ? null : key })}
                    />
                  )}
                  <span className="ml-auto">
                    <IconButton
                      label={`Remove rule ${number}`}
                      size="sm"
                      onClick={() => onChange(rules.filter(({ id }) => id !== rule.id))}
                    >
                      <X size={14} aria-hidden />
                    </IconButton>
                  </span>
                </div>
                {error && (
                  <div className="mt-2">
                    <FieldError>{error}</FieldError>
                  </div>
                )}
              </li>
            )
          })}
        </ol>
      )}
      <div>
        <Button size="sm" onClick={add}>
          <Plus size={14} aria-hidden /> Add a rule
        </Button>
      </div>
    </div>
  )
}
