import type { ServerResponse } from 'node:http'

/** Starts a request now or in its turn; false when too many wait already. */
export type Lane = (response: ServerResponse, start: () => void) => boolean

const OVERLOADED_MS = 500

/**
 * At most `slots` requests at once, `places` waiting; one at once while `isLate` says that the event loop is. One process
 * has one loop: without lanes a burst of edits would stand before a kill.
 *
 * In their turn means in order; but where the first has waited for long, more come than can be served, and the newest is
 * next: in order, each would have waited until it is too late to be of use to anyone.
 *
 * @example const reads = lane(16, 1_000, () => loopDelay() > 50)
 */
export function lane(slots: number, places: number, isLate: () => boolean = () => false): Lane {
  let waiting: { response: ServerResponse; begin: () => void; since: number }[] = []
  let busy = 0
  const isFree = () => busy < (isLate() ? 1 : slots)
  const next = () => {
    const isOverloaded = performance.now() - waiting[0]!.since > OVERLOADED_MS
    return isOverloaded ? waiting.pop()! : waiting.shift()!
  }
  const leave = () => {
    busy--
    while (waiting.length > 0 && isFree()) next().begin()
  }
  return (response, start) => {
    const begin = () => {
      if (response.destroyed) return
      busy++
      response.once('close', leave)
      start()
    }
    if (isFree()) {
      begin()
      return true
    }
    // Whoever has gone, or was refused because it waited for too long, keeps no place.
    if (waiting.length >= places) waiting = waiting.filter(({ response }) => !response.destroyed)
    if (waiting.length >= places) return false
    waiting.push({ response, begin, since: performance.now() })
    return true
  }
}
