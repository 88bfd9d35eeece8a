'use client'
import { useEffect, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Field, TextInput } from '@/app/_ui/field'
import type { PersonView } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'

const PAUSE_MS = 150
const SHOWN = 6

/** A search for people; those that are found can be chosen. */
export function FoundPeople({
  except,
  project,
  action,
  onChoose,
}: {
  except: readonly string[]
  /** Looks on behalf of somebody who may change the members of this project. */
  project?: string
  action: string
  onChoose: (person: PersonView) => void
}) {
  const [q, setQ] = useState('')
  const [found, setFound] = useState<PersonView[]>([])
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      const query = { q, limit: SHOWN + except.length, ...(project !== undefined && { project }) }
      peopleApi.people(query).then(
        ({ value }) => current && setFound(value.items),
        () => current && setFound([]), // the field stays, and the next letter asks again
      )
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [q, project, except.length])
  const shown = found
    .filter(({ id, disabledAt }) => !except.includes(id) && disabledAt === null)
    .slice(0, SHOWN)
  return (
    <div className="flex flex-col gap-2">
      <Field label="Find somebody">
        {(control) => (
          <TextInput
            {...control}
            type="search"
            autoFocus
            value={q}
            placeholder="Name or e-mail"
            onChange={(event) => setQ(event.target.value)}
          />
        )}
      </Field>
      <ul aria-label="People found" className="divide-y rounded-md border empty:hidden">
        {shown.map((person) => (
          <li key={person.id} className="flex min-h-10 items-center gap-2 px-3 py-1.5">
            <span className="min-w-0 flex-1">
              {person.name} <span className="break-all text-ink-3 text-sm">{person.email}</span>
            </span>
            <Button size="sm" aria-label={`${action} ${person.name}`} onClick={() => onChoose(person)}>
              {action}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
