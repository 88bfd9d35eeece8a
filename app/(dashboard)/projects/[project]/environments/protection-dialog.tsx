'use client'
import { Plus, X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { Button } from '@/app/_ui/button'
import { Field, TextInput } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import { Switch } from '@/app/_ui/switch'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { EnvironmentView } from '@/lib/control/views'

type Freeze = { id: number; from: string; until: string; reason: string }

const counts = ['0', '1', '2', '3'].map((value) => ({ value, label: value }))

/** RFC 3339 as a field for local times takes it. */
function local(time: string): string {
  const at = new Date(time)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const instant = (time: string) => (time === '' ? '' : new Date(time).toISOString())

/** What an environment asks of each change to it, but of a kill. */
export function ProtectionDialog({
  project,
  environment,
  onClose,
}: {
  project: string
  environment: EnvironmentView
  onClose: () => void
}) {
  const router = useRouter()
  const { policy } = environment
  const [guarded, setGuarded] = useState(environment.protected)
  const [approvals, setApprovals] = useState(String(policy.approvals))
  const [confirm, setConfirm] = useState(policy.confirm)
  const [freezes, setFreezes] = useState<Freeze[]>(
    policy.freezes.map((freeze, id) => ({
      ...freeze,
      id,
      from: local(freeze.from),
      until: local(freeze.until),
    })),
  )
  const send = async () => {
    await api.updateEnvironment(
      { project, environment: environment.key },
      {
        protected: guarded,
        policy: {
          approvals: Number(approvals),
          confirm,
          freezes: freezes.map(({ from, until, reason }) => ({
            from: instant(from),
            until: instant(until),
            reason,
          })),
        },
      },
    )
    toast.done(guarded ? `${environment.name} is protected` : `${environment.name} is not protected`)
    onClose()
    router.refresh()
  }
  const edit = (id: number, change: Partial<Freeze>) =>
    setFreezes(freezes.map((freeze) => (freeze.id === id ? { ...freeze, ...change } : freeze)))
  return (
    <FormDialog
      shape="wide"
      onClose={onClose}
      title={`Protection of ${environment.name}`}
      description="Kills are never held up. All else that would change what applications get is."
      confirm="Save"
      shown={['policy.freezes']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <div className="flex items-center gap-3">
            <Switch label="Protected" checked={guarded} onChange={setGuarded} />
            <span aria-hidden className="font-medium">
              Protected
            </span>
          </div>
          {guarded && (
            <>
              <Segmented
                label="Approvals by others, before a change is published"
                value={approvals}
                choices={counts}
                onChange={setApprovals}
              />
              <div className="flex items-center gap-3">
                <Switch label="Ask for its name" checked={confirm} onChange={setConfirm} />
                <span aria-hidden>Whoever publishes types “{environment.key}”</span>
              </div>
              <fieldset className="flex flex-col gap-3">
                <legend className="mb-2 font-medium text-sm">Frozen, so that nothing is published</legend>
                {freezes.map((freeze, index) => (
                  <div key={freeze.id} className="flex flex-wrap items-end gap-2">
                    <Field label="From" error={fieldError(`policy.freezes.${index}.from`)}>
                      {(control) => (
                        <TextInput
                          {...control}
                          type="datetime-local"
                          value={freeze.from}
                          onChange={(event) => edit(freeze.id, { from: event.target.value })}
                        />
                      )}
                    </Field>
                    <Field label="Until" error={fieldError(`policy.freezes.${index}.until`)}>
                      {(control) => (
                        <TextInput
                          {...control}
                          type="datetime-local"
                          value={freeze.until}
                          onChange={(event) => edit(freeze.id, { until: event.target.value })}
                        />
                      )}
                    </Field>
                    <div className="min-w-40 flex-1">
                      <Field label="Because" error={fieldError(`policy.freezes.${index}.reason`)}>
                        {(control) => (
                          <TextInput
                            {...control}
                            value={freeze.reason}
                            placeholder="Black Friday"
                            maxLength={500}
                            onChange={(event) => edit(freeze.id, { reason: event.target.value })}
                          />
                        )}
                      </Field>
                    </div>
                    <Button
                      look="ghost"
                      aria-label={`Take freeze ${index + 1} away`}
                      onClick={() => setFreezes(freezes.filter(({ id }) => id !== freeze.id))}
                    >
                      <X size={16} aria-hidden />
                    </Button>
                  </div>
                ))}
                <Button
                  className="w-fit"
                  onClick={() =>
                    setFreezes([...freezes, { id: Date.now(), from: '', until: '', reason: '' }])
                  }
                >
                  <Plus size={16} aria-hidden /> Add a freeze
                </Button>
              </fieldset>
            </>
          )}
        </>
      )}
    </FormDialog>
  )
}
