import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OpenFeature } from '@openfeature/server-sdk'

// A client of OFREP, as any language has one, for ofrep.test.ts.

const { JACKSTAFF_URL = '', JACKSTAFF_SERVER_KEY = '' } = process.env

const withKey = (key) =>
  new OFREPProvider({ baseUrl: JACKSTAFF_URL, headers: [['Authorization', `Bearer ${key}`]] })

await OpenFeature.setProviderAndWait(withKey(JACKSTAFF_SERVER_KEY))
await OpenFeature.setProviderAndWait('stranger', withKey('nobody'))
const client = OpenFeature.getClient()
const stranger = OpenFeature.getClient('stranger')
const context = { targetingKey: 'ana' }
const answers = [
  await client.getBooleanDetails('new-checkout', false, context),
  await client.getStringDetails('sale-banner', 'the default', context),
  await client.getBooleanDetails('nowhere', true, context),
  await client.getBooleanDetails('sale-banner', true, context),
  await client.getBooleanDetails('new-checkout', false, {}),
  await client.getBooleanDetails('new-checkout', true, { targetingKey: 'ana', far: 'x'.repeat(70_000) }),
  await stranger.getBooleanDetails('new-checkout', true, context),
]
console.log(JSON.stringify(answers))
