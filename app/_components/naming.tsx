'use client'
import { useState } from 'react'
import { Field, TextInput } from '@/app/_ui/field'
import type { EnvironmentView } from '@/lib/control/views'

/** Whoever publishes to environments that ask for it types their names. */
export function useNaming(environments: readonly EnvironmentView[]) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const asking = environments.filter((one) => one.protected && one.policy.confirm).map(({ key }) => key)
  const unnamed = asking.find((key) => typed[key]?.trim() !== key)
  return {
    asking,
    typed,
    type: (key: string, text: string) => setTyped({ ...typed, [key]: text }),
    /** What is still to be done, or null. */
    missing: unnamed === undefined ? null : `Type ${unnamed} first`,
  }
}

export function NamingFields({ asking, typed, type }: ReturnType<typeof useNaming>) {
  return asking.map((key) => (
    <Field key={key} label={`Type ${key} to publish to it`}>
      {(control) => (
        <TextInput
          {...control}
          value={typed[key] ?? ''}
          className="max-w-64 font-mono"
          onChange={(event) => type(key, event.target.value)}
        />
      )}
    </Field>
  ))
}
