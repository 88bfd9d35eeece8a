import type { BulkOutcome } from '@/lib/control/views'
import { plural } from '@/lib/plural'

/** What can be done with many flags, as the API takes it. */
export type BulkWork =
  | { action: 'archive' | 'restore' }
  | { action: 'tag' | 'untag'; tag: string }
  | { action: 'owner'; owner: string | null }

export type BulkStep = { work: BulkWork; flags: readonly string[] }

type Changed = Extract<BulkOutcome, { changed: boolean }>
export const isChanged = (outcome: BulkOutcome): outcome is Changed => 'changed' in outcome && outcome.changed

const opposite = { archive: 'restore', restore: 'archive', tag: 'untag', untag: 'tag' } as const

/** What takes back what was changed, and nothing else. */
export function undoing(work: BulkWork, outcomes: readonly BulkOutcome[]): BulkStep[] {
  const changed = outcomes.filter(isChanged)
  if (changed.length === 0) return []
  if (work.action !== 'owner') {
    const back = { ...work, action: opposite[work.action] } as BulkWork
    return [{ work: back, flags: changed.map(({ flag }) => flag) }]
  }
  const owners = [...new Set(changed.map(({ before }) => before.owner))]
  return owners.map((owner) => ({
    work: { action: 'owner', owner },
    flags: changed.filter(({ before }) => before.owner === owner).map(({ flag }) => flag),
  }))
}

const words: Record<BulkWork['action'], { doing: string; done: string }> = {
  archive: { doing: 'Archiving', done: 'Archived' },
  restore: { doing: 'Bringing back', done: 'Brought back' },
  tag: { doing: 'Tagging', done: 'Tagged' },
  untag: { doing: 'Untagging', done: 'Untagged' },
  owner: { doing: 'Changing the owner of', done: 'Changed the owner of' },
}

export const doing = ({ action }: BulkWork): string => words[action].doing

/** "Archived 998 of 1,000 flags. 1 was so already." What was refused is told apart. */
export function told(work: BulkWork, outcomes: readonly BulkOutcome[]): string {
  const changed = outcomes.filter(isChanged).length
  const already = outcomes.filter((outcome) => 'changed' in outcome && !outcome.changed).length
  const all = outcomes.length
  const some =
    changed === all ? plural(all, 'flag') : `${changed.toLocaleString('en')} of ${plural(all, 'flag')}`
  const rest =
    already === 0 ? '' : ` ${already.toLocaleString('en')} ${already === 1 ? 'was' : 'were'} so already.`
  return `${words[work.action].done} ${some}.${rest}`
}
