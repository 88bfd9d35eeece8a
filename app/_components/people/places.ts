import type { ProjectView } from '@/lib/control/views'

/** What a choice of places needs of a project. */
export type PlaceProject = Pick<ProjectView, 'key' | 'name'> & {
  environments: { key: string; name: string }[]
}

/** Where a role is held, in words. */
export function placeName(at: { project: string | null; environment: string | null }): string {
  if (at.project === null) return 'everywhere'
  return at.environment === null ? `in ${at.project}` : `in ${at.project}, ${at.environment}`
}
