import type { Metadata } from 'next'
import { seenByName } from '@/app/_components/targeting/seen'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { getAttributes, getSeenAttributes } from '@/lib/control/attributes'
import { reachable } from '@/lib/control/compile'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { getSegment, getSegmentUses, listSegmentNames } from '@/lib/control/segments'
import { attributesNamed, segmentsNamed } from '@/lib/evaluation'
import { SegmentScreen } from './segment-screen'

type Props = { params: Promise<{ project: string; segment: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).segment }
}

export default async function SegmentPage({ params }: Props) {
  const { project: key, segment: segmentKey } = await params
  const ctx = await pageContext()
  const where = { project: key, segment: segmentKey }
  const [project, segment, uses, all, { attributes }, { attributes: seen }] = await orNotFound(
    Promise.all([
      getProject(ctx, { project: key }),
      getSegment(ctx, where),
      getSegmentUses(ctx, where),
      listSegmentNames(ctx, { project: key }),
      getAttributes(ctx, { project: key }),
      getSeenAttributes(ctx, { project: key }),
    ]),
  )
  const refs = new Map(all.map((other) => [other.key, segmentsNamed(other.any)]))
  const reaches = (other: string) =>
    reachable(refs.get(other) ?? [], (next) => refs.get(next) ?? []).has(segment.key)
  const named = attributesNamed(all.flatMap(({ any }) => any))
  return (
    <SegmentScreen
      project={project}
      segment={segment}
      uses={uses}
      through={[...refs.keys()].filter(reaches)}
      scope={{
        segments: all.map((other) => other.key).filter((other) => other !== segment.key),
        attributes: [
          ...new Set(['targetingKey', ...seen.map(({ name }) => name), ...Object.keys(attributes), ...named]),
        ]
          .filter(Boolean)
          .sort(),
        seen: seenByName(seen),
      }}
      may={{
        write: can(ctx.actor.grants, 'segment:write', inProject(key)),
        publish: can(ctx.actor.grants, 'flag:publish', inProject(key)),
      }}
    />
  )
}
