'use client'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import { FieldError } from '@/app/_ui/field'
import { toast } from '@/app/_ui/toast'
import { TokenInput } from '@/app/_ui/token-input'
import { api } from '@/lib/api-client'
import type { KeyView } from '@/lib/control/views'

/** What may be changed of a key: its name, and the pages that may use it. */
export function EditKeyDialog({
  where,
  edited,
  onClose,
  onSaved,
}: {
  where: { project: string; environment: string }
  edited: KeyView
  onClose: () => void
  onSaved: () => void
}) {
  const [name, setName] = useState(edited.name)
  const [origins, setOrigins] = useState(edited.origins)
  const client = edited.kind === 'client'
  const send = async () => {
    await api.updateKey({ ...where, id: edited.id }, { name, ...(client && { origins }) })
    toast.done(`Saved ${name}`)
    onSaved()
  }
  return (
    <FormDialog
      onClose={onClose}
      title={`Edit ${edited.name}`}
      confirm="Save"
      shown={['name', 'origins']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField value={name} onChange={setName} error={fieldError('name')} maxLength={200} />
          {client && (
            <div className="flex flex-col gap-1.5">
              <span className="font-medium text-sm">
                Pages that may use it<span className="font-normal text-ink-3"> (optional)</span>
              </span>
              <TokenInput
                label="Origins of pages"
                placeholder="https://shop.example.com"
                tokens={origins.map((origin) => ({ id: origin, text: origin }))}
                onAdd={(added) => setOrigins([...new Set([...origins, ...added])])}
                onRemove={(index) => setOrigins(origins.filter((_, i) => i !== index))}
                invalid={Boolean(fieldError('origins'))}
              />
              {fieldError('origins') && <FieldError>{fieldError('origins')}</FieldError>}
              <p className="text-ink-3 text-sm">
                Origins, without a path. Without one every page may use it. Streams that are open stay so
                until they are opened again.
              </p>
            </div>
          )}
        </>
      )}
    </FormDialog>
  )
}
