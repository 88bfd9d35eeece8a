'use client'
import { useEffect } from 'react'
import { actions } from './actions'
import { fields } from './fields'
import { useForcedStates } from './forced-states'
import { SpecimenRow } from './specimen'
import { surfaces } from './surfaces'

/** Every component in every state, in one theme. */
export function Gallery({ theme, contrast }: { theme: string; contrast: string }) {
  useForcedStates()
  useEffect(() => {
    Object.assign(document.documentElement.dataset, { theme, contrast })
  }, [theme, contrast])
  return (
    <main className="px-5 py-4">
      <h1 className="mb-3 font-semibold text-lg capitalize">
        {theme}
        {contrast === 'more' && ', more contrast'}
      </h1>
      {[...actions, ...fields, ...surfaces].map((section) => (
        <section key={section.name} aria-label={section.name} className="border-t py-3">
          <h2 className="mb-1 font-medium text-sm">{section.name}</h2>
          <dl>
            {section.specimens.map((specimen) => (
              <SpecimenRow key={specimen.state} {...specimen} />
            ))}
          </dl>
        </section>
      ))}
    </main>
  )
}
