import { prepareTest } from '../../../lib/evaluation/operators'
import { loadRegex } from '../../../lib/regex'
import type { Clock } from '../../sync/clock'
import { FullReplica } from '../../sync/full-replica'
import { RegexGate } from '../../sync/regex-gate'

/** A file of its own: only pages that evaluate whole configs, or compare times, versions or networks, fetch it. */
export { prepareTest }

export function fullReplica(clock: Clock, warn: (message: string) => void): FullReplica {
  return new FullReplica(new RegexGate(clock, loadRegex, warn))
}
