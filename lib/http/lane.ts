import type { ServerResponse } from 'node:http'

/** Starts a request now or in its turn; false when too many wait already. */
export type Lane = (response: ServerResponse, start: () => void) => boolean

/**
 * At most `slots` requests at once, `places` waiting; one at once while `isLate` says that the event loop is. One process
 * has one loop: without lanes a burst of edits would stand before a kill.
 *
 * @example const reads = lane(16, 1_000, () => loopDelay() > 50)
 */
export function lane(slots: number, places: number, isLate: () => boolean = () => false): Lane {
  const waiting: (() => void)[] = []
  let busy = 0
  const isFree = () => busy < (isLate() ? 1 : slots)
  const leave = () => {
    busy--
    while (waiting.length > 0 && isFree()) waiting.shift()!()
  }
  return (response, start) => {
    const begin = () => {
      if (response.destroyed) return
      busy++
      response.once('close', leave)
      start()
    }
    if (isFree()) begin()
    else if (waiting.length < places) waiting.push(begin)
    else return false
    return true
  }
}
