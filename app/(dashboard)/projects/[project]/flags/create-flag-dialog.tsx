'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameAndKey, useNamed } from '@/app/_components/name-and-key'
import { Field, FieldError, TextArea } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import { Select } from '@/app/_ui/select'
import { Switch } from '@/app/_ui/switch'
import { toast } from '@/app/_ui/toast'
import { api } from '@/lib/api-client'
import type { FlagType } from '@/lib/evaluation/types'
import { paths } from '@/lib/paths'
import { TagsField } from './tags-field'
import { readVariants, startingOff, startingRows } from './variants'
import { VariantsEditor } from './variants-editor'

const types: { value: FlagType; label: string }[] = [
  { value: 'boolean', label: 'Boolean' },
  { value: 'string', label: 'String' },
  { value: 'number', label: 'Number' },
  { value: 'object', label: 'Object' },
]

const SHOWN = ['name', 'key', 'variants', 'offVariant', 'description', 'tags']

export function CreateFlagDialog({
  project,
  proposed,
  open,
  onClose,
}: {
  project: string
  /** A key to begin with, as an application asked for it. */
  proposed: string | null
  open: boolean
  onClose: () => void
}) {
  const router = useRouter()
  const named = useNamed(proposed ?? undefined)
  const [type, setType] = useState<FlagType>('boolean')
  const [rows, setRows] = useState(() => startingRows('boolean'))
  const [off, setOff] = useState(startingOff('boolean'))
  const [description, setDescription] = useState('')
  const [tags, setTags] = useState<string[]>([])
  const [browser, setBrowser] = useState(false)
  const [rowProblems, setRowProblems] = useState<Record<string, string>>({})

  const chooseType = (next: FlagType) => {
    setType(next)
    setRows(startingRows(next))
    setOff(startingOff(next))
    setRowProblems({})
  }

  const send = async () => {
    const { variants, problems } = readVariants(type, rows)
    setRowProblems(problems ?? {})
    if (!variants) return
    const { key, name } = named
    const body = {
      key,
      name,
      type,
      variants,
      offVariant: off,
      description,
      tags,
      browser,
      kind: 'release' as const,
    }
    const { value } = await api.createFlag({ project }, body)
    toast.done(`Created ${value.name}`, 'It is off in every environment.')
    router.push(paths.flag({ project, flag: value.key }))
    router.refresh()
  }

  return (
    <FormDialog
      open={open}
      onClose={onClose}
      shape="wide"
      title="Create flag"
      description="It starts off in every environment: nothing changes until you turn it on."
      confirm="Create flag"
      shown={SHOWN}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <NameAndKey
              named={named}
              fieldError={fieldError}
              example="New checkout"
              keyHint="What your code asks for. It cannot be changed."
            />
          </div>
          <Segmented label="Type" value={type} choices={types} onChange={chooseType} />
          <VariantsEditor
            type={type}
            rows={rows}
            onChange={setRows}
            problems={rowProblems}
            error={fieldError('variants')}
          />
          <div className="flex items-center gap-2">
            <span>When off, serve</span>
            <Select
              label="When off, serve"
              value={off}
              choices={rows.filter((row) => row.name).map((row) => ({ value: row.name, label: row.name }))}
              onChange={setOff}
              invalid={Boolean(fieldError('offVariant'))}
            />
          </div>
          {fieldError('offVariant') && <FieldError>{fieldError('offVariant')}</FieldError>}
          <Field label="Description" optional error={fieldError('description')}>
            {(control) => (
              <TextArea
                {...control}
                rows={2}
                value={description}
                onChange={(event) => setDescription(event.target.value)}
              />
            )}
          </Field>
          <TagsField tags={tags} onTags={setTags} error={fieldError('tags')} />
          <div className="flex items-start gap-3">
            <Switch label="Available to browsers" checked={browser} onChange={setBrowser} />
            <div>
              <p className="font-medium text-sm">Available to browsers</p>
              <p className="text-ink-3 text-sm">
                Client keys receive this flag with its rules: anyone can read them.
              </p>
            </div>
          </div>
        </>
      )}
    </FormDialog>
  )
}
