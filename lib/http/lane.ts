import type { ServerResponse } from 'node:http'

/** Starts a request now or in its turn; false when too many wait already. */
export type Lane = (response: ServerResponse, start: () => void) => boolean

/**
 * At most `slots` requests at once, `places` waiting. One process has one event loop: without lanes a burst of edits
 * would stand before a kill.
 *
 * @example const reads = lane(16, 1_000)
 */
export function lane(slots: number, places: number): Lane {
  const waiting: (() => void)[] = []
  let busy = 0
  const leave = () => {
    busy--
    waiting.shift()?.()
  }
  return (response, start) => {
    const begin = () => {
      busy++
      if (response.destroyed) leave()
      else {
        response.once('close', leave)
        start()
      }
    }
    if (busy < slots) begin()
    else if (waiting.length < places) waiting.push(begin)
    else return false
    return true
  }
}
