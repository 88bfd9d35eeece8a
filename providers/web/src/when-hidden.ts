import type { Cancel } from '../../sync/clock'

/** Runs whenever the page is left: it may never run again, or be taken from the browser's memory later. */
export function whenHidden(run: () => void): Cancel {
  globalThis.addEventListener?.('pagehide', run)
  return () => globalThis.removeEventListener?.('pagehide', run)
}
