import { Announcer } from './announcer'
import { ConfigSync, type SyncOptions } from './config-sync'
import type { Desk } from './desk'
import { Handles } from './handles'
import type { Notes } from './notes'
import type { Replica } from './replica'
import { type Announcement, type Keeper, Session, type SessionOptions } from './session'
import { Tally } from './tally'
import { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry'

export type LiveOptions = SyncOptions & {
  readonly emit: (announcement: Announcement) => void
  /** Which provider this is, with its version. */
  readonly client: string
  readonly whenHidden?: TelemetryOptions['whenHidden']
}

/** Keeps a session in step with the server, and tells the server what it was asked for. It begins with `start`. */
export function keepLive(
  session: Session,
  replica: Replica,
  desk: Desk,
  options: LiveOptions,
): Keeper & { readonly start: () => void } {
  desk.handles ??= new Handles(desk)
  const sync = new ConfigSync(session, replica, options)
  const announcer = new Announcer(session, replica, options.clock, options.emit)
  const telemetry = desk.counting && tell(desk, desk.counting, { ...options, replica })
  return {
    start: () => sync.start(),
    refetch: () => sync.refetch(),
    announce: () => announcer.announce(),
    async close() {
      announcer.close()
      sync.close()
      await telemetry?.close()
    },
  }
}

/** A session that has all it needs to be kept from its start. */
export function keptSession(
  desk: Desk,
  options: Omit<SessionOptions, 'keep'> & LiveOptions & { readonly replica: Replica },
): Session {
  const keep = (session: Session) => {
    const keeper = keepLive(session, options.replica, desk, options)
    keeper.start()
    return keeper
  }
  return new Session({ ...options, keep })
}

/** What was noted down before there was a tally is counted like all that follows. */
function tell(desk: Desk, counting: Tally | Notes, options: Omit<TelemetryOptions, 'tally'>): Telemetry {
  if ('take' in counting) return startTelemetry({ ...options, tally: counting })
  const tally = new Tally(desk.now)
  const telemetry = startTelemetry({ ...options, tally })
  tally.adopt(counting)
  desk.counting = tally
  return telemetry
}
