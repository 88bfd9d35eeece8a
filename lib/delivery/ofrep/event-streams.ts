export const EVENTS_PATH = '/ofrep/v1/events'

/**
 * Where a browser hears of changes, for a bulk answer. `EventSource` sends no headers, so the key stands in the URL:
 * a client key may, it is public. A server key may not; whoever holds one asks again with the tag. The origin is left
 * to the provider, which knows by which name it reached us.
 */
export function eventStreams(clientKey: string | null): object {
  if (clientKey === null) return {}
  const requestUri = `${EVENTS_PATH}?${new URLSearchParams({ key: clientKey })}`
  return { eventStreams: [{ type: 'sse', endpoint: { requestUri } }] }
}
