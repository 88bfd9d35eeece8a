import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { OpenFeature } from '@openfeature/server-sdk'

/** Next calls this once, before the first request: one provider, and one stream, for all of them. */
export async function register() {
  const provider = new JackstaffProvider({
    url: process.env.JACKSTAFF_URL ?? 'http://localhost:3000',
    key: process.env.JACKSTAFF_SERVER_KEY ?? '',
    logger: console,
  })
  // Pages are better served with defaults than not at all: the flags arrive when Jackstaff does.
  await OpenFeature.setProviderAndWait(provider).catch(({ message }) => console.warn(message))
}
