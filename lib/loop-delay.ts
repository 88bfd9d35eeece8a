const EVERY_MS = 20
const NEWEST = 0.3 // of the average: a single long turn is forgotten within a few measurements

let average = 0
let isMeasured = false

/** How late this process' event loop has been of late, in milliseconds. Measured from the first call on. */
export function loopDelay(): number {
  if (!isMeasured) measure()
  return average
}

function measure(): void {
  isMeasured = true
  let due = performance.now() + EVERY_MS
  setInterval(() => {
    const now = performance.now()
    average += (Math.max(0, now - due) - average) * NEWEST
    due = now + EVERY_MS
  }, EVERY_MS).unref()
}
