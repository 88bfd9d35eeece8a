'use client'
import { useState } from 'react'
import { Field, TextInput } from '@/app/_ui/field'
import { keyFromName } from './key-from-name'

type Named = { name: string; key: string }

/** "new-checkout" -> "New checkout" */
const nameFromKey = (key: string) => key.replace(/[._-]+/g, ' ').replace(/^./, (first) => first.toUpperCase())

/** The key follows the name until someone writes a key of their own. `proposed`: a key to begin with. */
export function useNamed(proposed?: string) {
  const [named, setNamed] = useState<Named>({ name: nameFromKey(proposed ?? ''), key: proposed ?? '' })
  const [own, setOwn] = useState(Boolean(proposed))
  return {
    ...named,
    setName: (name: string) => setNamed({ name, key: own ? named.key : keyFromName(name) }),
    setKey: (key: string) => {
      setOwn(key !== '')
      setNamed({ ...named, key })
    },
    clear: () => {
      setOwn(false)
      setNamed({ name: '', key: '' })
    },
  }
}

export function NameAndKey({
  named,
  fieldError,
  keyHint,
  example,
}: {
  named: ReturnType<typeof useNamed>
  fieldError: (path: string) => string | undefined
  keyHint: string
  example: string
}) {
  return (
    <>
      <Field label="Name" error={fieldError('name')}>
        {(control) => (
          <TextInput
            {...control}
            autoFocus
            required
            placeholder={example}
            value={named.name}
            onChange={(event) => named.setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Key" error={fieldError('key')} hint={keyHint}>
        {(control) => (
          <TextInput
            {...control}
            required
            className="font-mono"
            placeholder={keyFromName(example)}
            value={named.key}
            onChange={(event) => named.setKey(event.target.value)}
          />
        )}
      </Field>
    </>
  )
}
