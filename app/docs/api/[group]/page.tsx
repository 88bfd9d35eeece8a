import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PageHeader } from '@/app/_ui/page-header'
import { Shape } from '../fields'
import { OperationSection } from '../operation'
import { answersOf, bodyOf, groupNamed, parametersOf, type Schema, schemaNamed, typesIn } from '../reference'
import { titled } from '../reference-names'

type Props = { params: Promise<{ group: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: titled((await params).group) }
}

export default async function ApiGroup({ params }: Props) {
  const group = groupNamed((await params).group)
  if (!group) notFound()
  const schemas = group.routes.flatMap((route): Schema[] => [
    ...parametersOf(route, 'path').map(({ schema }) => schema),
    ...parametersOf(route, 'query').map(({ schema }) => schema),
    ...[bodyOf(route)].filter((body) => body !== null),
    ...answersOf(route).flatMap(({ schema }) => schema ?? []),
  ])
  const types = typesIn(schemas)
  return (
    <>
      <PageHeader title={titled(group.name)} />
      <div className="flex flex-col gap-10">
        {group.routes.map((route) => (
          <OperationSection key={route.anchor} route={route} />
        ))}
      </div>
      {types.length > 0 && (
        <section aria-label="Types" className="mt-12 border-t pt-6">
          <h2 className="mb-4 font-semibold text-xl">Types</h2>
          <div className="flex flex-col gap-6">
            {types.map((name) => (
              <div key={name} id={`type-${name}`} className="scroll-mt-6">
                {schemaNamed(name).description && (
                  <p className="mb-1 text-ink-2 text-sm">{schemaNamed(name).description}</p>
                )}
                <Shape label={name} schema={schemaNamed(name)} given={!name.includes('Input')} />
              </div>
            ))}
          </div>
        </section>
      )}
    </>
  )
}
