import type { Permission } from '@/lib/control/roles'
import { areas } from './permission-words'

/** Permissions to tick, by area. */
export function PermissionChecklist({
  value,
  onChange,
}: {
  value: readonly Permission[]
  onChange: (value: Permission[]) => void
}) {
  const toggle = (permission: Permission) =>
    onChange(value.includes(permission) ? value.filter((one) => one !== permission) : [...value, permission])
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {areas.map(({ area, permissions }) => (
        <fieldset key={area} className="min-w-0">
          <legend className="mb-1 font-medium text-ink-3 text-sm">{area}</legend>
          {permissions.map(([permission, words]) => (
            <label key={permission} className="flex min-h-7 items-center gap-2">
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-accent"
                checked={value.includes(permission)}
                onChange={() => toggle(permission)}
              />
              {words}
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  )
}
