/**
 * Where the sync stands with its server.
 * - `starting`: the first attempt is under way
 * - `ready`: the stream is open and the server has confirmed the config
 * - `stale`: the stream is down; the last config serves and `/config` is polled
 * - `error`: neither the stream nor a poll has worked for the whole grace period
 * - `refused`: the server does not accept the key; attempts go on, slowly
 */
export type Status = 'starting' | 'ready' | 'stale' | 'error' | 'refused' | 'closed'

export type Signal =
  /** The stream is open and the config confirmed. */
  | 'connected'
  /** The stream ended, or could not be opened. */
  | 'disconnected'
  /** A request was answered. */
  | 'answered'
  /** Nothing was answered for the whole grace period. */
  | 'overdue'
  | 'refused'
  | 'closed'

const ended = { refused: 'refused', closed: 'closed' } as const

const transitions: Readonly<Record<Status, Partial<Record<Signal, Status>>>> = {
  starting: { ...ended, connected: 'ready', disconnected: 'stale' },
  ready: { ...ended, disconnected: 'stale' },
  stale: { ...ended, connected: 'ready', overdue: 'error' },
  error: { ...ended, connected: 'ready', answered: 'stale' },
  refused: { ...ended, connected: 'ready', answered: 'stale' },
  closed: {},
}

/** The next status; signals that mean nothing in a status leave it as it is. */
export function nextStatus(status: Status, signal: Signal): Status {
  return transitions[status][signal] ?? status
}
