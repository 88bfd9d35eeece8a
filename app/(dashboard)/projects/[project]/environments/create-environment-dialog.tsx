'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { Switch } from '@/app/_ui/switch'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'

export function CreateEnvironmentDialog({
  project,
  open,
  onClose,
}: {
  project: string
  open: boolean
  onClose: () => void
}) {
  const router = useRouter()
  const named = useNamed()
  const [guarded, setGuarded] = useState(false)
  const send = async () => {
    const { key, name } = named
    const { value } = await api.createEnvironment({ project }, { key, name, protected: guarded })
    toast.done(`Created ${value.name}`, 'Every flag is off in it.')
    named.clear()
    onClose()
    router.refresh()
  }
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title="Create environment"
      description="It starts with every flag of the project, off."
      confirm="Create environment"
      shown={['name', 'key']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameAndKey
            named={named}
            fieldError={fieldError}
            example="Preview"
            keyHint="Names the environment in the API. It cannot be changed."
          />
          <div className="flex items-start gap-3">
            <Switch label="Protected" checked={guarded} onChange={setGuarded} />
            <div>
              <p className="font-medium text-sm">Protected</p>
              <p className="text-ink-3 text-sm">
                Changes need an approval, and whoever publishes types its name. Kills never wait.
              </p>
            </div>
          </div>
        </>
      )}
    </FormDialog>
  )
}
