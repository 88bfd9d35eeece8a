/** Whether this is the long form of the suites, as `npm run faults` runs them. */
export const isLong = process.env.LONG === '1'

/** What part of the long form is run: 1, unless `FAULT_SHARE` says less. */
const SHARE = Number(process.env.FAULT_SHARE ?? 1)

export const isWhole = isLong && SHARE === 1

/** How many rounds, requests or seconds: so many in `npm test`, so many in `npm run faults`. */
export const inForm = (short: number, long: number) =>
  isLong ? Math.max(short, Math.round(long * SHARE)) : short
