'use client'
import { type FormEvent, useState } from 'react'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Select } from '@/app/_ui/select'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { FlagView } from '@/lib/control/views'

/** A new boolean flag, or one that is there already. */
export function FlagStep({
  project,
  flags,
  mayWrite,
  onChosen,
}: {
  project: string
  flags: readonly Pick<FlagView, 'key' | 'name'>[]
  mayWrite: boolean
  onChosen: (flag: string) => void
}) {
  const named = useNamed()
  const [chosen, setChosen] = useState(flags[0]?.key ?? '')
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { value } = await api.createFlag(
      { project },
      {
        key: named.key,
        name: named.name,
        type: 'boolean',
        kind: 'release',
        variants: { on: true, off: false },
        offVariant: 'off',
        description: '',
        tags: [],
        browser: true,
      },
    )
    toast.done(`Created ${value.name}`, 'It is off in every environment.')
    onChosen(value.key)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run()
  }
  return (
    <div className="flex flex-col gap-5">
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['name', 'key']} />
        <div className="grid gap-4 sm:grid-cols-2">
          <NameAndKey
            named={named}
            fieldError={fieldError}
            example="New checkout"
            keyHint="What your code asks for."
          />
        </div>
        <p className="text-ink-3 text-sm">
          A boolean that browsers may ask for, too. It starts off everywhere: nothing changes for anyone.
        </p>
        <div>
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabledReason={!mayWrite && 'Creating flags needs the role editor'}
          >
            Create flag
          </Button>
        </div>
      </form>
      {flags.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 border-t pt-4">
          <span className="text-ink-2">Or use one that is there:</span>
          <Select
            label="A flag that is there"
            value={chosen}
            choices={flags.map(({ key, name }) => ({ value: key, label: name }))}
            onChange={setChosen}
          />
          <Button onClick={() => onChosen(chosen)}>Use it</Button>
        </div>
      )}
    </div>
  )
}
