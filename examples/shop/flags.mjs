import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { OpenFeature } from '@openfeature/server-sdk'

/** Connects the shop to Jackstaff. The shop opens even while Jackstaff is away: it then serves its defaults. */
export async function connectFlags({ url, key }) {
  const provider = new JackstaffProvider({ url, key, logger: console })
  await OpenFeature.setProviderAndWait(provider).catch((error) =>
    console.warn(`Flags are not there yet, defaults are served: ${error.message}`),
  )
  const client = OpenFeature.getClient()
  return {
    client,
    close: () => OpenFeature.close(),
    /** Everything a page depends on, decided in process for one visitor. */
    async forVisitor(visitor) {
      const context = { targetingKey: visitor }
      const [checkout, banner] = await Promise.all([
        client.getBooleanDetails('new-checkout', false, context),
        client.getStringDetails('sale-banner', '', context),
      ])
      return { checkout, banner }
    },
    /** For each of `count` imaginary visitors, whether the new checkout is theirs. */
    crowd: (count) =>
      Promise.all(
        Array.from({ length: count }, (_, i) =>
          client.getBooleanValue('new-checkout', false, { targetingKey: `visitor-${i}` }),
        ),
      ),
  }
}
