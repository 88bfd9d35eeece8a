'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { useAction } from '@/app/_components/use-action'
import { Button } from '@/app/_ui/button'
import { Field, TextArea, TextInput } from '@/app/_ui/field'
import { Switch } from '@/app/_ui/switch'
import { toast } from '@/app/_ui/toast'
import { api, type FlagPatch } from '@/lib/api-client'
import type { FlagView } from '@/lib/control/views'
import { TagsField } from '../tags-field'
import { readVariants, rowsOf } from '../variants'
import { VariantsEditor } from '../variants-editor'
import type { FlagMay } from './flag-screen'

const SHOWN = ['name', 'description', 'tags', 'owner', 'variants']

const lockedBecause = (flag: FlagView, may: FlagMay) => {
  if (flag.archivedAt) return 'This flag is archived: bring it back first'
  return may.write ? null : 'Editing needs the role editor'
}

/** Only what differs is sent: undefined keeps. */
function patchOf(flag: FlagView, next: Required<Omit<FlagPatch, 'kind'>>): FlagPatch {
  const changed = Object.entries(next).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(flag[field as keyof FlagView]),
  )
  return Object.fromEntries(changed)
}

export function SettingsForm({ project, flag, may }: { project: string; flag: FlagView; may: FlagMay }) {
  const router = useRouter()
  const [name, setName] = useState(flag.name)
  const [description, setDescription] = useState(flag.description)
  const [tags, setTags] = useState(flag.tags)
  const [owner, setOwner] = useState(flag.owner ?? '')
  const [browser, setBrowser] = useState(flag.browser)
  const [rows, setRows] = useState(() => rowsOf(flag.variants))
  const [rowProblems, setRowProblems] = useState<Record<string, string>>({})
  const locked = lockedBecause(flag, may)

  const { busy, problem, run, fieldError } = useAction(async () => {
    const { variants, problems } = readVariants(flag.type, rows)
    setRowProblems(problems ?? {})
    if (!variants) return
    const patch = patchOf(flag, { name, description, tags, owner: owner.trim() || null, browser, variants })
    if (Object.keys(patch).length > 0) await api.patchFlag({ project, flag: flag.key }, flag.version, patch)
    toast.done('Settings saved')
    router.refresh()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!locked) void run()
  }

  return (
    <form onSubmit={submit} noValidate className="card max-w-2xl">
      <fieldset disabled={locked !== null} className="flex flex-col gap-5 p-5">
        <legend className="sr-only">Settings</legend>
        <p className="text-ink-2">These hold in every environment.</p>
        <ProblemBanner problem={problem} shown={SHOWN} />
        <Field label="Name" error={fieldError('name')}>
          {(control) => <TextInput {...control} value={name} onChange={(e) => setName(e.target.value)} />}
        </Field>
        <Field label="Description" optional error={fieldError('description')}>
          {(control) => (
            <TextArea {...control} value={description} onChange={(e) => setDescription(e.target.value)} />
          )}
        </Field>
        <Field label="Owner" optional error={fieldError('owner')} hint="A person or a team to ask.">
          {(control) => <TextInput {...control} value={owner} onChange={(e) => setOwner(e.target.value)} />}
        </Field>
        <TagsField tags={tags} onTags={setTags} error={fieldError('tags')} disabled={locked !== null} />
        <VariantsEditor
          type={flag.type}
          rows={rows}
          onChange={setRows}
          problems={rowProblems}
          error={fieldError('variants')}
        />
        <div className="flex items-start gap-3">
          <Switch
            label="Available to browsers"
            checked={browser}
            onChange={setBrowser}
            disabledReason={locked}
          />
          <div>
            <p className="font-medium text-sm">Available to browsers</p>
            <p className="text-ink-3 text-sm">
              Client keys receive this flag: its answers for one person, or with keys of mode “rules” the
              rules themselves, which anyone can read.
            </p>
          </div>
        </div>
      </fieldset>
      <footer className="flex justify-end border-t bg-sunken px-5 py-3">
        <Button type="submit" look="primary" busy={busy} disabledReason={locked}>
          Save settings
        </Button>
      </footer>
    </form>
  )
}
