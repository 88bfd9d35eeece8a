import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OpenFeature } from '@openfeature/server-sdk'

// A client of OFREP, as any language has one, for ofrep.test.ts.

const { JACKSTAFF_URL = '', JACKSTAFF_SERVER_KEY = '' } = process.env

await OpenFeature.setProviderAndWait(
  new OFREPProvider({
    baseUrl: JACKSTAFF_URL,
    headers: [['Authorization', `Bearer ${JACKSTAFF_SERVER_KEY}`]],
  }),
)
const client = OpenFeature.getClient()
const context = { targetingKey: 'ana' }
const answers = [
  await client.getBooleanDetails('new-checkout', false, context),
  await client.getStringDetails('sale-banner', 'the default', context),
  await client.getBooleanDetails('nowhere', true, context),
  await client.getBooleanDetails('sale-banner', true, context),
  await client.getBooleanDetails('new-checkout', false, {}),
]
console.log(JSON.stringify(answers))
