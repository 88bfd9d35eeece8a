import type { Desk } from '../../sync/desk'
import { keepLive, type LiveOptions } from '../../sync/keep-live'
import type { Replica, Served } from '../../sync/replica'
import type { Session } from '../../sync/session'
import { liveResidual } from './live-residual'
import type { ResidualReplica } from './residual-replica'
import { sharedConnection } from './shared-connection'
import { whenHidden } from './when-hidden'

export type WebLiveOptions = LiveOptions & {
  /** What the tabs of an origin share: a name for them that read the same. */
  readonly channel: string
}

/** A file of its own: what keeps true what a page has begun with. No first answer waits for it. */
export function keep(session: Session, replica: Served, desk: Desk, options: WebLiveOptions) {
  const kept = 'moveTo' in replica ? liveResidual(replica as ResidualReplica) : (replica as Replica)
  const open = sharedConnection(options.channel)
  return keepLive(session, kept, desk, { ...options, open, whenHidden })
}
