'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { FormDialog } from '@/app/_components/form-dialog'
import { NameField } from '@/app/_components/name-field'
import { api } from '@/lib/api-client'
import type { SavedView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { addressOf, type ListState, queryOf, readState } from '../list-state'

export type Asking = 'save' | 'rename' | 'delete'

type Props = {
  asking: Asking
  project: string
  /** The view that is shown, where it is one that somebody saved. */
  saved: SavedView | null
  state: ListState
  mayShare: boolean
  onClose: () => void
}

/** What is asked before a view is saved, renamed or deleted. */
export function ViewDialogs({ asking, project, saved, state, mayShare, onClose }: Props) {
  const router = useRouter()
  const path = paths.flags({ project })
  if (asking === 'delete')
    return (
      saved && (
        <ConfirmDialog
          title={`Delete the view ${saved.name}?`}
          description={
            saved.shared ? 'It is gone for everybody in the project. No flag changes.' : 'No flag changes.'
          }
          confirm="Delete"
          look="danger"
          onConfirm={async () => {
            await api.deleteView({ project, view: saved.id })
            onClose()
            router.push(addressOf(path, { ...readState({}), view: 'all' }))
          }}
          onClose={onClose}
        />
      )
    )
  const view = asking === 'rename' ? saved : null
  const save = async (fields: Fields) => {
    if (view) {
      await api.patchView({ project, view: view.id }, { name: fields.name })
      router.refresh()
    } else {
      const { value } = await api.createView({ project }, { ...fields, query: queryOf(state) })
      router.push(addressOf(path, { ...state, cursor: null, view: value.id }))
    }
    onClose()
  }
  return <NameDialog view={view} mayShare={mayShare} onSave={save} onClose={onClose} />
}

type Fields = { name: string; shared: boolean }

function NameDialog({
  view,
  mayShare,
  onSave,
  onClose,
}: {
  /** Null: a new one. */
  view: SavedView | null
  mayShare: boolean
  onSave: (fields: Fields) => Promise<void>
  onClose: () => void
}) {
  const [name, setName] = useState(view?.name ?? '')
  const [shared, setShared] = useState(false)
  const send = () => onSave({ name, shared })
  return (
    <FormDialog
      onClose={onClose}
      title={view ? `Rename ${view.name}` : 'Save as view'}
      description={view ? undefined : 'The search, the order and the columns, by a name of your own.'}
      confirm={view ? 'Rename' : 'Save'}
      shown={['name']}
      onConfirm={send}
    >
      {(fieldError) => (
        <>
          <NameField
            value={name}
            onChange={setName}
            error={fieldError('name')}
            placeholder="Beta of the checkout"
            maxLength={200}
          />
          {!view && mayShare && (
            <label className="flex items-center gap-2.5">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={shared}
                onChange={(event) => setShared(event.target.checked)}
              />
              Everybody in the project sees it
            </label>
          )}
        </>
      )}
    </FormDialog>
  )
}
