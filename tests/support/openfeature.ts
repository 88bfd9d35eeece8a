type Handler = (details?: { flagsChanged?: string[]; message?: string; errorCode?: string }) => void

type Listens = { addHandler(event: never, handler: Handler): void }

const EVENTS = [
  'PROVIDER_READY',
  'PROVIDER_STALE',
  'PROVIDER_ERROR',
  'PROVIDER_CONFIGURATION_CHANGED',
  'PROVIDER_CONTEXT_CHANGED',
  'PROVIDER_RECONCILING',
] as const

export type Heard = { event: string; flagsChanged?: string[]; message?: string; errorCode?: string }

/** Everything a client of either SDK hears from now on, in order. */
export function listen(client: Listens): Heard[] {
  const heard: Heard[] = []
  for (const event of EVENTS) {
    client.addHandler(event as never, ({ flagsChanged, message, errorCode } = {}) => {
      heard.push({
        event: event.slice('PROVIDER_'.length),
        ...(flagsChanged && { flagsChanged }),
        ...(message && { message }),
        ...(errorCode && { errorCode }),
      })
    })
  }
  return heard
}

/** Waits for something to become true, and fails with its name. */
export async function until(what: string, test: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const end = performance.now() + ms
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
