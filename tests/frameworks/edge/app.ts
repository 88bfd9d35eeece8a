import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '@jackstaff/openfeature-web'
import { OpenFeature } from '@openfeature/web-sdk'

// What an edge function might do, for edge.test.ts: one visit, from opening the provider to closing it.

async function visit(options: JackstaffWebProviderOptions) {
  await OpenFeature.setProviderAndWait(new JackstaffWebProvider(options), { targetingKey: 'ana' })
  const client = OpenFeature.getClient()
  const { value, reason } = client.getStringDetails('sale-banner', '')
  await OpenFeature.close()
  const closed = client.getStringDetails('sale-banner', 'the default').errorCode
  return { value, reason, closed }
}

Object.assign(globalThis, { visit })
