'use client'
import { useState } from 'react'
import type { BulkWork } from '@/app/_components/bulk/work'
import { NamingFields, useNaming } from '@/app/_components/naming'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextInput } from '@/app/_ui/field'
import type { ProjectView } from '@/lib/control/views'
import { plural } from '@/lib/plural'

type Action = BulkWork['action']

const asks: Record<Action, { title: (flags: string) => string; verb: string; text: string }> = {
  archive: {
    title: (flags) => `Archive ${flags}?`,
    verb: 'Archive',
    text: 'They leave every environment: applications that still ask for them get the defaults in their code. What other flags need stays. You can bring them back with their rules.',
  },
  restore: {
    title: (flags) => `Bring back ${flags}?`,
    verb: 'Bring back',
    text: 'They do what they did before, in every environment. What was killed stays killed.',
  },
  tag: {
    title: (flags) => `Tag ${flags}`,
    verb: 'Add the tag',
    text: 'What applications get stays as it is.',
  },
  untag: {
    title: (flags) => `Untag ${flags}`,
    verb: 'Remove the tag',
    text: 'What applications get stays as it is.',
  },
  owner: {
    title: (flags) => `Change the owner of ${flags}`,
    verb: 'Change the owner',
    text: 'Whom to ask about them.',
  },
}

const MOST_TAG = 50

function workOf(action: Action, text: string): BulkWork {
  if (action === 'tag' || action === 'untag') return { action, tag: text }
  return action === 'owner' ? { action, owner: text === '' ? null : text } : { action }
}

export function BulkDialog({
  project,
  action,
  count,
  onGo,
  onClose,
}: {
  project: ProjectView
  action: Action
  count: number
  onGo: (work: BulkWork, confirm: readonly string[]) => void
  onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const text = typed.trim()
  const publishes = action === 'archive' || action === 'restore'
  const naming = useNaming(publishes ? project.environments : [])
  const isTag = action === 'tag' || action === 'untag'
  const blocked = (isTag && text === '' && 'Type a tag first') || naming.missing
  const { title, verb, text: about } = asks[action]
  const go = () => !blocked && onGo(workOf(action, text), naming.asking)
  return (
    <Dialog
      open
      onClose={onClose}
      title={title(plural(count, 'flag'))}
      description={about}
      onSubmit={go}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={action === 'archive' ? 'danger' : 'primary'} disabledReason={blocked}>
            {verb}
          </Button>
        </>
      }
    >
      {(isTag || action === 'owner' || naming.asking.length > 0) && (
        <div className="flex flex-col gap-4">
          {(isTag || action === 'owner') && (
            <Field
              label={isTag ? 'Tag' : 'Owner'}
              hint={isTag ? 'A word such as cleanup.' : 'A name, an e-mail address or a team; empty: nobody.'}
            >
              {(control) => (
                <TextInput
                  {...control}
                  autoFocus
                  value={typed}
                  maxLength={isTag ? MOST_TAG : 200}
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          )}
          <NamingFields {...naming} />
        </div>
      )}
    </Dialog>
  )
}
