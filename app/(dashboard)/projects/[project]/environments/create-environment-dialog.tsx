'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
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
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { key, name } = named
    const { value } = await api.createEnvironment({ project }, { key, name, protected: guarded })
    toast.done(`Created ${value.name}`, 'Every flag is off in it.')
    named.clear()
    onClose()
    router.refresh()
  })
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Create environment"
      description="It starts with every flag of the project, off."
      onSubmit={run}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Create environment
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name', 'key']} />
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
      </div>
    </Dialog>
  )
}
