import { Announcer } from './announcer'
import { ConfigSync, type SyncOptions } from './config-sync'
import { Confirmations } from './confirmations'
import type { Desk } from './desk'
import { Handles } from './handles'
import type { Replica } from './replica'
import { type Announcement, type Keeper, Session, type SessionOptions } from './session'
import { Tally } from './tally'
import { startTelemetry, type TelemetryOptions } from './telemetry'
import { uuid } from './tell'

export type LiveOptions = SyncOptions & {
  readonly emit: (announcement: Announcement) => void
  /** Which provider this is, with its version. */
  readonly client: string
  /** This provider among all of them; default: a name made up. */
  readonly instance?: string
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
  const instance = () => options.instance ?? uuid(clock.random)
  const telemetry = tally && startTelemetry({ ...options, instance: instance(), tally, replica })
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
  const keep = (session: Session): Keeper => {
    const named = desk.counting && { ...options, instance: uuid(options.clock.random) }
    const confirmations = named && new Confirmations(named)
    const confirm = confirmations?.confirm
    const keeper = keepLive(session, options.replica, desk, { ...(named ?? options), confirm })
    keeper.start()
    const close = () => {
      confirmations?.close()
      return keeper.close()
    }
    return { ...keeper, close }
  }
  return new Session({ ...options, keep })
}
