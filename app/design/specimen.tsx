import type { ReactNode } from 'react'

export type Specimen = {
  state: string
  /** A state that takes a pointer or the keyboard. */
  force?: 'hover' | 'focus-visible'
  show: ReactNode
}
export type Section = { name: string; specimens: readonly Specimen[] }

export function SpecimenRow({ state, force, show }: Specimen) {
  return (
    <div className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-3 py-1.5">
      <dt className="text-ink-3 text-sm">{state}</dt>
      <dd data-force={force} className="min-w-0">
        {show}
      </dd>
    </div>
  )
}

/** One thing as it is, under the pointer, with the focus. */
export const touched = (show: ReactNode): Specimen[] => [
  { state: 'default', show },
  { state: 'hover', force: 'hover', show },
  { state: 'focus', force: 'focus-visible', show },
]
