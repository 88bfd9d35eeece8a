const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** Milliseconds of the machine's monotonic clock: every process here reads the same one. */
export const now = (): number => origin + performance.now()
