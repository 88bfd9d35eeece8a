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
