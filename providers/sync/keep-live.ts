import { Announcer } from './announcer'
import { ConfigSync, type SyncOptions } from './config-sync'
import type { Desk } from './desk'
import { Handles } from './handles'
import type { Replica } from './replica'
import { type Announcement, type Keeper, Session, type SessionOptions } from './session'
import { Tally } from './tally'
import { startTelemetry, type TelemetryOptions } from './telemetry'

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
  const { clock, emit } = options
  const { counting } = desk
  const tally = counting && ('take' in counting ? counting : new Tally(desk.now))
  const sync = new ConfigSync(session, replica, options)
  const announcer = new Announcer(session, replica, clock, emit)
  const telemetry = tally && startTelemetry({ ...options, tally, replica })
  // What was noted down before there was a tally is counted like all that follows.
  if (counting && 'answers' in counting) tally!.adopt(counting)
  desk.counting = tally
  desk.handles ??= new Handles(desk, tally)
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
