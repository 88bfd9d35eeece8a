import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { OpenFeature } from '@openfeature/server-sdk'

const provider = new JackstaffProvider({
  url: process.env.JACKSTAFF_URL ?? 'http://localhost:3000',
  key: process.env.JACKSTAFF_SERVER_KEY ?? '',
  logger: console,
})

// A shop that opens without its flags is better than one that stays closed: they arrive when Jackstaff does.
await OpenFeature.setProviderAndWait(provider).catch(({ message }) => console.warn(message))

export const client = OpenFeature.getClient()

/** What the page depends on, decided in this process for one visitor. */
export async function flagsFor(visitor) {
  const context = { targetingKey: visitor }
  return {
    newCheckout: await client.getBooleanValue('new-checkout', false, context),
    saleBanner: await client.getStringValue('sale-banner', '', context),
  }
}
