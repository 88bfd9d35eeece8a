import type { Desk } from '../../sync/handle'
import { keepLive, type LiveOptions } from '../../sync/keep-live'
import type { Replica } from '../../sync/replica'
import type { Session } from '../../sync/session'
import { hash } from './hash'
import { sharedConnection } from './shared-connection'
import { whenHidden } from './when-hidden'

/** A file of its own: what keeps true what a page has begun with. No first answer waits for it. */
export function keep(
  session: Session,
  replica: Replica,
  desk: Desk,
  options: Omit<LiveOptions, 'open' | 'whenHidden'>,
) {
  const { url, query } = options.endpoint
  const open = sharedConnection(`jackstaff:${hash(`${url} ${query.key} ${query.mode}`)}`)
  return keepLive(session, replica, desk, { ...options, open, whenHidden })
}
