import type { ListedFlag } from '@/lib/control/views'
import { describeStatus, type Status } from '@/lib/describe'
import { type Lifecycle, lifecycleOf } from '@/lib/lifecycle'

/** What the list shows of a flag, and no more: ten thousand flags have long rules. */
export type ListedRow = Pick<ListedFlag, 'key' | 'name' | 'type' | 'tags' | 'owner' | 'version'> & {
  archived: boolean
  lastEvaluatedAt: string | null
  /** Null: archived. */
  lifecycle: Lifecycle | null
  /** Environment key -> what it does there. */
  environments: Record<string, { status: Status; offVariant: string | null }>
}

export function listedRow(flag: ListedFlag, now: number): ListedRow {
  const { key, name, type, tags, owner, version, archivedAt, lastEvaluatedAt } = flag
  const environments = Object.entries(flag.environments).map(([environment, targeting]) => [
    environment,
    { status: describeStatus(targeting), offVariant: targeting.offVariant },
  ])
  return {
    ...{ key, name, type, tags, owner, version, lastEvaluatedAt },
    archived: archivedAt !== null,
    lifecycle: archivedAt === null ? lifecycleOf(flag, now) : null,
    environments: Object.fromEntries(environments),
  }
}
