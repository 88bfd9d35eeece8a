import { EVENT_STREAM, type Item, type Relay, tell } from './relay'

/** nginx sets it, and lets no client set it. Whoever forges it at an edge gets an answer without a config. */
const HEADER = 'x-jackstaff-relay'

/**
 * nginx with nchan. An edge that has let a client in answers where nginx shall take the stream from. The newest message of a
 * channel is the first that a client hears, so each has to begin as a stream does.
 */
export function nchanRelay(address: string): Relay {
  const publisher = address.replace(/\/$/, '')
  const send = async ({ channel, hello, bytes, closes }: Item) => {
    const url = new URL(`${publisher}/${channel}`)
    await tell(url, { method: 'POST', body: new Uint8Array(Buffer.concat([hello, bytes])) })
    if (closes) await tell(url, { method: 'DELETE' })
  }
  return {
    name: 'nchan',
    most: 1,
    carries: (ask) => ask.header(HEADER) === 'nchan',
    hold: (channels) => ({
      status: 200,
      headers: { ...EVENT_STREAM, 'X-Accel-Redirect': `/held/${channels.join('/')}` },
      body: null,
    }),
    async send(items) {
      for (const item of items) await send(item)
    },
  }
}
