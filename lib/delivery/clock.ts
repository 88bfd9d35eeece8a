// Nodes whose clocks differ must decide alike, so the time of day is that of Postgres, which also wrote the times that it
// is compared with. In between it is carried by a clock that nobody sets.

let offset: number | null = null

/** Epoch milliseconds by Postgres' clock; by this machine's while Postgres has told none. */
export const now = (): number => (offset === null ? Date.now() : Math.round(performance.now() + offset))

/**
 * Takes a time of day that Postgres told in answer to a question of `askedAt` (by `performance.now()`). What is held
 * stands while it could be right: a slow answer makes nothing less exact.
 */
export function toldTime(told: number, askedAt: number): void {
  const answeredAt = performance.now()
  const earliest = told - answeredAt
  const latest = told - askedAt
  if (offset === null || offset < earliest || offset > latest) offset = (earliest + latest) / 2
}
