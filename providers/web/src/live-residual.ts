import { compareIds, parseId } from '../../../lib/evaluation/ids'
import { killedSteps } from '../../../lib/evaluation/residual/killed-steps'
import type { KillOverlay } from '../../sync/messages'
import type { Replica, Snapshot } from '../../sync/replica'
import type { Held, ResidualReplica } from './residual-replica'

/** A residual, and what it takes to keep it in step: kills apply before another residual is here. */
export function liveResidual(replica: ResidualReplica): Replica {
  let kills: KillOverlay | null = null
  replica.amend = (held) => {
    // Kills that are newer than the residual, unless it began a new history.
    const isNewer =
      kills !== null &&
      compareIds(kills.killedAt, held.killedAt) > 0 &&
      parseId(kills.killedAt)!.epoch >= parseId(held.id)!.epoch
    return isNewer ? { ...held, ...kills!, token: {} } : held
  }
  return Object.assign(replica, {
    // Whole configs and patches are for those who may read rules.
    replace: () => 'kept' as const,
    patch: () => 'kept' as const,
    kill({ killed, killedAt }: KillOverlay) {
      if (compareIds(killedAt, kills?.killedAt ?? '') > 0) kills = { killed, killedAt }
      if (replica.current) replica.current = replica.amend(replica.current)
    },
    toText() {
      const { residual, killed, killedAt } = replica.current!
      return JSON.stringify({ ...residual, killed, killedAt, saved: replica.mark })
    },
    changedSince(before: Snapshot | null) {
      const was = before as Held | null
      const is = replica.current!
      const keys = new Set([...Object.keys(was?.residual.flags ?? {}), ...Object.keys(is.residual.flags)])
      return [...keys].filter((key) => effect(was, key) !== effect(is, key)).sort()
    },
    windows: () => null,
  })
}

/** What a flag comes to, apart from the values of its variants, which change with its version. */
function effect(held: Held | null, key: string): string | undefined {
  const flags = held?.residual.flags ?? {}
  if (!held || !Object.hasOwn(flags, key)) return undefined
  const flag = flags[key]!
  return JSON.stringify([
    held.killed.includes(key) ? killedSteps(flag) : flag.steps,
    flag.metadata,
    flag.type,
  ])
}
